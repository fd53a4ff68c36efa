from millpond.bundle.suggest import closest, did_you_mean


def test_the_closest_name_is_found_whatever_the_case() -> None:
    assert closest("Continous", ["channel", "continuous"]) == "continuous"
    assert closest("SERVERLESS", ["serverless"]) == "serverless"
    assert did_you_mean("catlog", ["catalog"]) == "Did you mean 'catalog'?"


def test_nothing_is_suggested_for_what_is_like_nothing() -> None:
    assert did_you_mean("xyz", ["catalog"]) is None
