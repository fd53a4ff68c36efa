import subprocess
import sys
from pathlib import Path

import pytest

from millpond.codes import PYSPARK_NOT_FOUND
from millpond.errors import MillpondError
from millpond.runtime.java import Java
from millpond.runtime.settings import machine_environment, machine_settings, spark_home


def test_the_jars_are_on_the_class_path_in_their_order() -> None:
    settings = machine_settings([Path("/c/one.jar"), Path("/c/two.jar")])
    assert settings["spark.driver.extraClassPath"] == "/c/one.jar:/c/two.jar"
    assert "spark.jars" not in settings


def test_the_spark_is_the_installed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK_HOME", "/opt/another-spark")
    environment = machine_environment(Java(Path("/jdk"), 17, "test"))
    assert environment == {"JAVA_HOME": "/jdk", "SPARK_HOME": str(spark_home())}
    assert (spark_home() / "jars").is_dir()


def test_pyspark_is_found_without_importing_it() -> None:
    code = (
        "import sys; from millpond.runtime.settings import spark_home; spark_home();"
        " print('pyspark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_without_pyspark_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MillpondError) as caught:
        spark_home()
    assert caught.value.code is PYSPARK_NOT_FOUND
