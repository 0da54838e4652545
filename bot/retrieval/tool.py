"""A retriever as a tool that language models call: its JSON schema, and the running of a call."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.retrieval.answer import Reply


class Asker(Protocol):
    """A retriever, as the tool needs it."""

    def ask(self, text: str, limit: int) -> Reply:
        """Return the reply to a question."""


DESCRIPTION = (
    "Ask the user's own articles. Returns sentences that answer, quoted word for word with their "
    "source, or says that the articles do not answer. Quote them and name the source."
)
# The parts of an answer that a model is to read.
TOLD_FACTS = (
    "text", "before", "after", "title", "date", "source", "start", "end", "score", "confidence",
)  # fmt: skip
# A model that asks for more reads noise.
MAX_LIMIT = 20


@dataclass(frozen=True, slots=True)
class AnswerTool:
    """A function that a model host can call: ``name``, ``description`` and ``parameters``.

    >>> import bot
    >>> tool = bot.Retriever.from_texts(["Ada Thorne designed the bridge."]).as_tool()
    >>> tool.as_openai()["function"]["name"], [*tool.parameters["properties"]]
    ('ask_articles', ['question', 'limit'])
    >>> result = tool.run('{"question": "Who designed the bridge?"}')
    >>> json.loads(result)["answers"][0]["text"]
    'Ada Thorne designed the bridge.'
    >>> tool.run({"query": "bridge"})
    '{"error": "the parameters are question and limit; given: query"}'
    """

    retriever: Asker
    name: str = "ask_articles"
    description: str = DESCRIPTION

    @property
    def parameters(self) -> dict[str, object]:
        """The JSON schema of the arguments."""
        return {
            "type": "object",
            "properties": {
                "question": {
                    "type": "string",
                    "description": "A question in plain words, as complete as a sentence.",
                },
                "limit": {
                    "type": "integer",
                    "description": "Answers at most, 3 by default.",
                    "minimum": 1,
                    "maximum": MAX_LIMIT,
                },
            },
            "required": ["question"],
            "additionalProperties": False,
        }

    def as_openai(self) -> dict[str, object]:
        """Return the tool as OpenAI's API, and those like it, take it."""
        function = {
            "name": self.name,
            "description": self.description,
            "parameters": self.parameters,
        }
        return {"type": "function", "function": function}

    def as_anthropic(self) -> dict[str, object]:
        """Return the tool as Anthropic's API takes it."""
        return {
            "name": self.name,
            "description": self.description,
            "input_schema": self.parameters,
        }

    def run(self, arguments: str | Mapping[str, object]) -> str:
        """Run a call and return its result as JSON, for the model to read.

        ``arguments`` are as the model wrote them: JSON, or the object of it. What is wrong with
        them is a result with "error", so that the model can try again.
        """
        try:
            question, limit = parse_arguments(arguments)
            reply = self.retriever.ask(question, limit)
        except ValueError as error:
            return json.dumps({"error": str(error)}, ensure_ascii=False)
        return json.dumps(tool_result(reply), ensure_ascii=False)


def parse_arguments(arguments: str | Mapping[str, object]) -> tuple[str, int]:
    """Return the question and limit of a call. Raises ValueError for any other arguments."""
    try:
        values = json.loads(arguments) if isinstance(arguments, str) else arguments
    except json.JSONDecodeError as error:
        raise ValueError(f"the arguments are no JSON: {error}") from error
    if not isinstance(values, Mapping):
        raise ValueError('the arguments are no object; give {"question": "…"}')  # noqa: TRY004
    if "question" not in values or not {*values} <= {"question", "limit"}:
        names = ", ".join(map(str, values)) or "none"
        raise ValueError(f"the parameters are question and limit; given: {names}")
    question, limit = values.get("question"), values.get("limit", 3)
    if not isinstance(question, str) or not question.strip():
        raise ValueError("question must be a text that is not empty")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MAX_LIMIT:
        raise ValueError(f"limit must be a whole number from 1 to {MAX_LIMIT}")
    return question, limit


def tool_result(reply: Reply) -> dict[str, object]:
    """Return quotations with their sources, or the reason why there are none."""
    answers = [answer.as_dict() for answer in reply.answers]
    return {
        "answers": [{name: answer[name] for name in TOLD_FACTS} for answer in answers],
        "silence": reply.silence.value if reply.silence else None,
        "notices": [*reply.notices],
    }
