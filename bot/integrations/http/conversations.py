"""The conversations of clients, each known by an id of the client's choice."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic

from bot.retrieval.conversation import Conversation
from bot.retrieval.retriever import Retriever

MAX_CONVERSATIONS = 500
EXPIRY_SECONDS = 3_600.0


class ConversationStore:
    """The last conversations; those not used for an hour, or pushed out by others, are forgotten.

    A conversation that was forgotten begins anew: its next question stands alone.

    >>> store = ConversationStore(size=1)
    >>> retriever = Retriever.from_texts(["Ada Thorne designed the bridge. It opened in 1932."])
    >>> talk = store.open("id-of-one", retriever)
    >>> store.open("id-of-one", retriever) is talk, store.open("id-of-two", retriever) is talk
    (True, False)
    >>> store.open("id-of-one", retriever) is talk
    False
    """

    def __init__(
        self, size: int = MAX_CONVERSATIONS, clock: Callable[[], float] = monotonic
    ) -> None:
        self._size, self._clock = size, clock
        self._lock = Lock()  # questions to a cluster are asked in threads
        # Id → the conversation and when it was used, the one used last at the end.
        self._used: OrderedDict[str, tuple[Conversation, float]] = OrderedDict()

    def open(self, name: str, retriever: Retriever) -> Conversation:
        """Return the conversation of this id, which from now on asks ``retriever``."""
        with self._lock:
            self._forget()
            talk, _ = self._used.pop(name, (Conversation(retriever), 0.0))
            if talk.retriever is not retriever:
                talk = talk.with_retriever(retriever)
            self._used[name] = talk, self._clock()
            while len(self._used) > self._size:
                self._used.popitem(last=False)
            return talk

    def __len__(self) -> int:
        """Return the number of conversations that are remembered."""
        return len(self._used)

    def _forget(self) -> None:
        oldest = self._clock() - EXPIRY_SECONDS
        while self._used and next(iter(self._used.values()))[1] < oldest:
            self._used.popitem(last=False)
