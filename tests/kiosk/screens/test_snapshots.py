"""The main screens at both sizes, compared with what was looked at and accepted.

After a wanted change: look at `make screens`, then ``pytest --snapshot-update`` this file.
"""

import pytest

from tests.kiosk.screens.gallery import COMPARED, PICTURES
from tests.kiosk.screens.stage import SIZES, StagedKiosk

pytestmark = pytest.mark.unmeasured  # other tests of the screens reach every line


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", COMPARED)
def test_a_main_screen_looks_as_it_was_accepted(name, size, snap_compare):
    picture = PICTURES[name]
    app = StagedKiosk(picture.session, palette=picture.palette, language=picture.language)

    assert snap_compare(app, press=picture.keys, terminal_size=size)
