"""Memory for what strangers send."""

from server.shares import Shares


def test_nobody_has_more_than_a_share_and_all_no_more_than_there_is():
    shares = Shares(in_all=10, each=4)

    assert shares.take("a", 4)
    assert not shares.take("a", 1)
    assert shares.take("b", 4)
    assert not shares.take("c", 3)
    assert shares.take("c", 2)


def test_what_is_given_back_is_free_again_and_forgotten():
    shares = Shares(in_all=4, each=4)
    shares.take("a", 4)

    shares.give_back("a", 4)

    assert shares.take("b", 4)
    assert shares.holders == 1
