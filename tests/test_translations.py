"""Words are read file by file: each is whole by itself, and each message is in one of them."""

from pathlib import Path

import pytest

from translations import MissingWords, Words


def put(folder: Path, **files: str) -> Path:
    """A folder of words with these English files."""
    (folder / "en").mkdir()
    for name, text in files.items():
        (folder / "en" / f"{name}.ftl").write_text(text)
    return folder


def test_each_file_s_messages_are_there(tmp_path: Path) -> None:
    words = Words(put(tmp_path, one="a-word = A\n", two="other = { a } is { $b }\na = B\n"), "en")
    assert [words("a_word"), words("other", b=3)] == ["A", "B is 3"]
    assert words.has("a_word")
    assert not words.has("b")


def test_files_of_another_language_belong_to_it(tmp_path: Path) -> None:
    lent = tmp_path / "ops.ftl"
    lent.write_text("b = B\n")
    assert Words(put(tmp_path, one="a = A\n"), "en", lent=[lent])("b") == "B"


@pytest.mark.parametrize(
    ("two", "said"),
    [
        ("a = again\n", "words/en: a is in two files"),
        ("b = { a }, too\n", "words/en: two.ftl:1:7: Unknown message: a"),
        ("b = B\nb = again\n", "words/en: Additional definition for 'b' discarded"),
    ],
    ids=["said twice", "of another file", "twice in one file"],
)
def test_a_mistake_of_ours_is_named(tmp_path: Path, two: str, said: str) -> None:
    with pytest.raises(MissingWords) as caught:
        Words(put(tmp_path, one="a = A\n", two=two), "en")
    assert said in str(caught.value).replace(f"{tmp_path}/en/", "")
