"""The same bytes from every Python we promise, under every hash seed, alone or side by side.

The long form, which asks that every one of them is here, is the soak part ``pythons``.
"""

import sys
from random import Random

import pytest

from tests.matcher.pythons import VERSIONS, command, told, write_market


@pytest.mark.parametrize(
    "version",
    [
        pytest.param(
            version,
            marks=pytest.mark.skipif(command(version) is None, reason=f"needs Python {version}"),
        )
        for version in VERSIONS
    ],
)
def test_every_python_gives_the_same_bytes_under_every_hash_seed(version, tmp_path):
    problem = tmp_path / "problem.json"
    write_market(Random(115), problem)  # noqa: S311  # a market is no secret
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"

    answers = told(((here, "0"), (version, "1"), (version, "4711")), problem)

    assert [(code, errors) for code, _, errors in answers] == [(0, "")] * 3
    assert len({said for _, said, _ in answers}) == 1
    said = answers[0][1]
    assert said.count("()") == 4, "every result is proved"
    assert said.count("bad: $.teachers[0].tie: tie_length") == 3
