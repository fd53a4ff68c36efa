from millpond.runtime.output import telling_end


def test_stack_frames_rules_and_blank_lines_are_left_out() -> None:
    text = "first\n\tat a.b.C(D.java:1)\n\n::::::::\n  ... 3 more\n  unresolved dependency: x\n"
    assert telling_end(text) == "first\nunresolved dependency: x"


def test_only_the_end_is_kept() -> None:
    assert telling_end("1\n2\n3\n", lines=2) == "2\n3"


def test_silence_is_said() -> None:
    assert telling_end("\tat a.b\n") == "it printed nothing"
