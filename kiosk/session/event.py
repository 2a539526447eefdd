"""Everything that can happen to a session.

The reader and the clock, the person, the desk's answers. The classes live in `device`, `gesture`,
`paperwork` and `answer`; whoever speaks to a session imports them from here.
"""

from kiosk.session.answer import (
    CardKnown,
    CardUseless,
    CaseLoaded,
    CharactersFound,
    ContactChanged,
    Decided,
    DeskFailed,
    DraftSaved,
    HeadsChanged,
    IncidentReported,
    OfficerAccepted,
    PasswordRefused,
    Printed,
    QueueLoaded,
    ReaderMended,
    RecordChanged,
    Registered,
    RosterLoaded,
    SaveFailed,
    SignInAccepted,
    SubmitRefused,
    Submitted,
)
from kiosk.session.device import (
    CardFailed,
    CardInserted,
    CardRead,
    CardRemoved,
    LinkChanged,
    ReaderChecked,
    StationChanged,
    Ticked,
)
from kiosk.session.gesture import (
    AreaLimitAnswered,
    BaseChosen,
    CharacterChosen,
    CharacterErased,
    ClearAsked,
    ClosedRemovalAsked,
    ConflictOpened,
    CountiesOpened,
    CountyChosen,
    Declared,
    DifferenceAsked,
    DisplayChosen,
    Ended,
    EnrolmentTyped,
    EnteredOnce,
    FormChosen,
    HeadChosen,
    HeadTurned,
    IncidentAsked,
    IndigenousAnswered,
    InsertionChosen,
    KeywordTyped,
    LanguageAnswered,
    MarksChosen,
    MoreTimeAsked,
    NameOpened,
    OfficersCalled,
    PasswordChosen,
    PasswordForgotten,
    PasswordTyped,
    PasteCut,
    PracticeAsked,
    QuestionOpened,
    ReadingTyped,
    Redone,
    RevealAsked,
    RosterNameTaken,
    SchoolsAsked,
    SchoolsNarrowed,
    ServiceYearsAnswered,
    StageChosen,
    StepChosen,
    StepsOpened,
    SubjectAnswered,
    SubmitAsked,
    TabChosen,
    TaskOpened,
    TextTyped,
    Touched,
    TownshipChosen,
    Undone,
    VersionRestored,
    VersionsOpened,
    WentBack,
    WentOn,
    WishAdded,
    WishMoved,
    WishRemoved,
    WithdrawAsked,
    WithdrawConfirmed,
)
from kiosk.session.paperwork import (
    BecauseChosen,
    BecauseTyped,
    CaseOpened,
    DecisionSigned,
    LeftCardsSeen,
    PledgeTicked,
    PointsTyped,
    QueueFiltered,
    QueueOpened,
    ReasonToggled,
    RegisterAnswered,
    RegisterConfirmed,
    RegisterOpened,
    RemarkTyped,
    RosterOpened,
    VerdictChosen,
)
from kiosk.session.reach import CodeAsked, CodeTyped, ContactOpened, LineAsked, LineUnlinkAsked
from kiosk.session.self_checking import SelfCheckAnswered, SelfCheckOpened

Event = (
    Ticked
    | ReaderChecked
    | CardInserted
    | CardRead
    | CardFailed
    | CardRemoved
    | StationChanged
    | LinkChanged
    | Touched
    | WentBack
    | WentOn
    | Ended
    | MoreTimeAsked
    | DisplayChosen
    | RevealAsked
    | StageChosen
    | PasswordTyped
    | PasswordForgotten
    | PasswordChosen
    | EnteredOnce
    | OfficersCalled
    | PracticeAsked
    | IncidentAsked
    | SchoolsAsked
    | SchoolsNarrowed
    | EnrolmentTyped
    | TaskOpened
    | TextTyped
    | NameOpened
    | ReadingTyped
    | CharacterChosen
    | CharacterErased
    | RosterNameTaken
    | ContactOpened
    | CodeAsked
    | CodeTyped
    | LineAsked
    | LineUnlinkAsked
    | SelfCheckOpened
    | SelfCheckAnswered
    | IndigenousAnswered
    | LanguageAnswered
    | AreaLimitAnswered
    | ServiceYearsAnswered
    | SubjectAnswered
    | QuestionOpened
    | CountyChosen
    | CountiesOpened
    | TabChosen
    | TownshipChosen
    | KeywordTyped
    | MarksChosen
    | InsertionChosen
    | WishAdded
    | WishRemoved
    | WishMoved
    | ClearAsked
    | ClosedRemovalAsked
    | Undone
    | Redone
    | StepsOpened
    | StepChosen
    | VersionRestored
    | VersionsOpened
    | BaseChosen
    | PasteCut
    | ConflictOpened
    | HeadTurned
    | HeadChosen
    | WithdrawAsked
    | WithdrawConfirmed
    | FormChosen
    | DifferenceAsked
    | Declared
    | SubmitAsked
    | QueueOpened
    | QueueFiltered
    | LeftCardsSeen
    | CaseOpened
    | PointsTyped
    | BecauseChosen
    | BecauseTyped
    | VerdictChosen
    | ReasonToggled
    | RemarkTyped
    | PledgeTicked
    | DecisionSigned
    | RosterOpened
    | RegisterOpened
    | RegisterAnswered
    | RegisterConfirmed
    | CardKnown
    | CardUseless
    | PasswordRefused
    | Printed
    | SignInAccepted
    | OfficerAccepted
    | DraftSaved
    | SaveFailed
    | Submitted
    | HeadsChanged
    | SubmitRefused
    | RecordChanged
    | ContactChanged
    | QueueLoaded
    | CaseLoaded
    | CharactersFound
    | Decided
    | RosterLoaded
    | Registered
    | ReaderMended
    | IncidentReported
    | DeskFailed
)

__all__ = [
    "AreaLimitAnswered",
    "BaseChosen",
    "BecauseChosen",
    "BecauseTyped",
    "CardFailed",
    "CardInserted",
    "CardKnown",
    "CardRead",
    "CardRemoved",
    "CardUseless",
    "CaseLoaded",
    "CaseOpened",
    "CharacterChosen",
    "CharacterErased",
    "CharactersFound",
    "ClearAsked",
    "ClosedRemovalAsked",
    "CodeAsked",
    "CodeTyped",
    "ConflictOpened",
    "ContactChanged",
    "ContactOpened",
    "CountiesOpened",
    "CountyChosen",
    "Decided",
    "DecisionSigned",
    "Declared",
    "DeskFailed",
    "DifferenceAsked",
    "DisplayChosen",
    "DraftSaved",
    "Ended",
    "EnrolmentTyped",
    "EnteredOnce",
    "Event",
    "FormChosen",
    "HeadChosen",
    "HeadTurned",
    "HeadsChanged",
    "IncidentAsked",
    "IncidentReported",
    "IndigenousAnswered",
    "InsertionChosen",
    "KeywordTyped",
    "LanguageAnswered",
    "LeftCardsSeen",
    "LineAsked",
    "LineUnlinkAsked",
    "LinkChanged",
    "MarksChosen",
    "MoreTimeAsked",
    "NameOpened",
    "OfficerAccepted",
    "OfficersCalled",
    "PasswordChosen",
    "PasswordForgotten",
    "PasswordRefused",
    "PasswordTyped",
    "PasteCut",
    "PledgeTicked",
    "PointsTyped",
    "PracticeAsked",
    "Printed",
    "QuestionOpened",
    "QueueFiltered",
    "QueueLoaded",
    "QueueOpened",
    "ReaderChecked",
    "ReaderMended",
    "ReadingTyped",
    "ReasonToggled",
    "RecordChanged",
    "Redone",
    "RegisterAnswered",
    "RegisterConfirmed",
    "RegisterOpened",
    "Registered",
    "RemarkTyped",
    "RevealAsked",
    "RosterLoaded",
    "RosterNameTaken",
    "RosterOpened",
    "SaveFailed",
    "SchoolsAsked",
    "SchoolsNarrowed",
    "SelfCheckAnswered",
    "SelfCheckOpened",
    "ServiceYearsAnswered",
    "SignInAccepted",
    "StageChosen",
    "StationChanged",
    "StepChosen",
    "StepsOpened",
    "SubjectAnswered",
    "SubmitAsked",
    "SubmitRefused",
    "Submitted",
    "TabChosen",
    "TaskOpened",
    "TextTyped",
    "Ticked",
    "Touched",
    "TownshipChosen",
    "Undone",
    "VerdictChosen",
    "VersionRestored",
    "VersionsOpened",
    "WentBack",
    "WentOn",
    "WishAdded",
    "WishMoved",
    "WishRemoved",
    "WithdrawAsked",
    "WithdrawConfirmed",
]
