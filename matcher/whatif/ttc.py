"""`ttc`, never official: top trading cycles with vacancies (`matcher.deciding.trading`).

Individually rational; efficient for teachers among the seats that may be offered; and nobody gains
by another list with wishes in the same counties. (Naming another county changes her points there,
which is no lie about wishes.) The certificate is the order in which circles closed, with those who
stay: whoever goes through it finds everything each member preferred gone before her.
"""

from matcher.deciding.solve import Solution
from matcher.deciding.trading import Offer, trade
from matcher.files.placement import Mechanism
from matcher.files.problem import Problem
from matcher.whatif.setting import Setting


def ttc(problem: Problem) -> Solution:
    """Everybody trades at once; certificate ``{"cycles": [[teacher, …], …]}``."""
    setting = Setting(problem)
    teachers = setting.market.teachers
    offer = Offer(candidates=range(len(teachers)), seats=setting.seats, shut=setting.shut)
    trades = trade(setting.market, setting.admission, offer)
    cycles = [[teachers[number].id for number, _ in cycle] for cycle in trades.cycles]
    return setting.solution(Mechanism.TTC, trades.lines, {"cycles": cycles})
