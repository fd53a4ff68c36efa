import subprocess
import sys
from pathlib import Path

import pytest

from millpond.codes import CACHE_NOT_WRITABLE
from millpond.errors import MillpondError
from millpond.runtime import lock

_ADD_ONE = """
import sys, time
from pathlib import Path
from millpond.runtime import lock

file = Path(sys.argv[1])
for _ in range(20):
    with lock.held(file.with_name("lock")):
        number = int(file.read_text())
        time.sleep(0.001)
        file.write_text(str(number + 1))
"""


def test_processes_wait_for_each_other(tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0", encoding="utf-8")
    command = [sys.executable, "-c", _ADD_ONE, str(counter)]
    processes = [subprocess.Popen(command) for _ in range(4)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0, 0]
    assert counter.read_text(encoding="utf-8") == "80"


def test_a_lock_is_free_again_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), lock.held(tmp_path / "lock"):
        _ = 1 / 0
    with lock.held(tmp_path / "lock"):
        assert (tmp_path / "lock").exists()


def test_a_lock_where_nothing_can_be_written_is_an_error_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(MillpondError) as caught, lock.held(tmp_path / "absent" / "lock"):
        pass
    assert caught.value.code is CACHE_NOT_WRITABLE
