"""A retriever with the settings of the user: threshold of silence, reranker and language."""

from collections.abc import Callable
from functools import cache

from bot.config.settings import AUTO, NO_RERANKER, SETTINGS_BY_NAME, SettingError, Settings
from bot.language.language import find_language
from bot.lazy import lazy_function
from bot.reranking.reranker import Reranker
from bot.retrieval.retriever import Retriever

# onnxruntime is an extra, and takes a tenth of a second.
open_model: Callable[[str], Reranker] = lazy_function("bot.reranking.onnx", "OnnxReranker")
# The model is read once for a process.
load_reranker: Callable[[str], Reranker] = cache(open_model)


def apply_settings(retriever: Retriever, settings: Settings) -> Retriever:
    """Return ``retriever`` as ``settings`` want it.

    Raises RerankerError and MissingExtra, and SettingError for an unknown language.

    >>> import bot
    >>> retriever = bot.Retriever.from_texts(["It rained."])
    >>> apply_settings(retriever, Settings(confidence=0.5)).min_confidence
    0.5
    """
    if settings.reranker != NO_RERANKER:
        retriever = retriever.with_reranker(load_reranker(settings.reranker))
    if settings.confidence is not None:
        retriever = retriever.with_threshold(settings.confidence)
    if settings.language != AUTO:
        if not find_language(settings.language):
            accepted = SETTINGS_BY_NAME["language"].takes
            raise SettingError("language", settings.language, accepted)
        retriever = retriever.with_language(settings.language)
    return retriever
