"""Small real implementations of what the packages ask for: no patching, no network."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from dialogue.bot import Bot
from dialogue.business import Logistics, Order, OrderStatus, Refusal, ReturnReceipt
from dialogue.conversation import Conversation, Message, Sender
from dialogue.customer import Customer
from dialogue.errors import BusinessSystemUnavailable, ConversationNotFound
from dialogue.events import Event
from dialogue.pack import Pack, load_pack
from dialogue.rating import Rating
from dialogue.state import DialogueState
from dialogue.stores import Desk
from dialogue.turn import Turn
from handoff.errors import TicketNotFound
from handoff.ticket import Ticket
from knowledge.article import Answer, Hit, Scope
from nlu.text import detect_language
from nlu.understanding import OUT_OF_SCOPE, Entity, IntentScore, Mood, Understanding

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PACK = Path(__file__).parent.parent / "training_data" / "ecommerce"
_ENTITIES = {
    "order_id": re.compile(r"(?<!\d)20\d{12}(?!\d)"),
    "phone": re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
    "product": re.compile("精华"),
    "region": re.compile("北京"),
}


def hit(title: str, passage: str, *, heading: str = "", score: float = 0.9) -> Hit:
    """A passage of an article that is named by its title."""
    heading = heading or title
    return Hit(title, title, heading, (title, heading), passage, score)


@dataclass
class ScriptedNlu:
    """Knows the intents of the texts it was given; every other text is out of scope.

    A script value is an intent, or several with their probabilities. `sure_from` has the confidence
    that an intent must reach, where it must be more than the pack asks for.
    """

    script: Mapping[str, str | Mapping[str, float]] = field(default_factory=dict)
    moods: Mapping[str, Mood] = field(default_factory=dict)
    sure_from: Mapping[str, float] = field(default_factory=dict)

    def understand(self, text: str, *, now: datetime | None = None) -> Understanding:
        """What the script says, with order numbers and phones found by pattern."""
        said = self.script.get(text, {})
        scores = {said: 0.95} if isinstance(said, str) else dict(said)
        ranking = tuple(
            IntentScore(name, score)
            for name, score in sorted(scores.items(), key=lambda pair: -pair[1])
        )
        rejected = not ranking or ranking[0].name == OUT_OF_SCOPE
        entities = tuple(
            Entity(name, match.group(), match.start(), match.end())
            for name, pattern in _ENTITIES.items()
            for match in pattern.finditer(text)
        )
        return Understanding(
            text,
            IntentScore(OUT_OF_SCOPE, 0.9) if rejected else ranking[0],
            ranking,
            entities,
            language=detect_language(text),
            mood=self.moods.get(text, Mood.CALM),
            in_scope=0.1 if rejected else 0.9,
            sure_from=self.sure_from.get(ranking[0].name, 0.0) if ranking else 0.0,
        )


@dataclass
class ScriptedKnowledge:
    """Answers the questions it was given; for others it has only distant hits, or none."""

    answers: Mapping[str, Hit] = field(default_factory=dict)
    near: Sequence[Hit] = ()

    def search(
        self, question: str, *, scope: Scope, limit: int = 5, now: datetime | None = None
    ) -> Answer:
        """The scripted passage, answerable, or the near ones, not answerable."""
        if question in self.answers:
            return Answer((self.answers[question], *self.near), answerable=True)
        return Answer(tuple(self.near[:limit]), answerable=False)


def demo_orders() -> dict[str, Order]:
    """The fixed rows of the demo shop."""
    serum, pro, robot = "烟酰胺精华 30ml", "真无线耳机 Pro", "扫地机器人 S5"
    rows = (
        ("01", "1", OrderStatus.SHIPPED, serum, 1, "199", "杭州转运中心，预计明天送达", "顺丰 SF1"),
        ("02", "1", OrderStatus.AWAITING_SHIPMENT, "氨基酸洁面 100g", 2, "118", "仓库拣货中", ""),
        ("03", "2", OrderStatus.DELIVERED, pro, 1, "499", "2026-11-05 已由本人签收", "中通 ZT1"),
        ("04", "2", OrderStatus.REFUNDING, "棉质T恤", 1, "89", "退款审核中", "圆通 YT1"),
        ("05", "3", OrderStatus.CANCELLED, robot, 1, "1999", "已取消，款项已原路退回", ""),
        (
            "06",
            "3",
            OrderStatus.SHIPPED,
            robot,
            1,
            "1999",
            "派送异常：收件人电话无法接通",
            "京东 JD1",
        ),
    )
    orders = {}
    for number, phone, status, item, quantity, amount, progress, carried in rows:
        order_id = f"202611010000{number}"
        carrier = Logistics(*carried.split()) if carried else None
        orders[order_id] = Order(
            order_id, f"1380000000{phone}", status, item, quantity, amount, progress, carrier
        )
    return orders


@dataclass
class DemoShop:
    """The demo shop in memory; `down` makes it fail, `refusal` makes it refuse returns."""

    orders: dict[str, Order] = field(default_factory=demo_orders)
    returns: dict[str, ReturnReceipt] = field(default_factory=dict)
    down: bool = False
    refusal: Refusal | None = None

    def find_order(self, order_id: str) -> Order | None:
        """The order, or None."""
        if self.down:
            raise BusinessSystemUnavailable("down")
        return self.orders.get(order_id)

    def open_return(self, order_id: str, reason: str, request_id: str) -> ReturnReceipt:
        """A receipt; the same for the same `request_id`."""
        if self.down:
            raise BusinessSystemUnavailable("down")
        if self.refusal is not None:
            return ReturnReceipt(order_id, refusal=self.refusal)
        number = f"R{len(self.returns) + 1:04d}"
        return self.returns.setdefault(request_id, ReturnReceipt(order_id, return_no=number))


@cache
def shipped_pack() -> Pack:
    """The dialogue's part of the e-commerce pack, read once."""
    return load_pack(PACK)


def make_bot(
    script: Mapping[str, str | Mapping[str, float]] | None = None,
    *,
    answers: Mapping[str, Hit] | None = None,
    near: Sequence[Hit] = (),
    moods: Mapping[str, Mood] | None = None,
    sure_from: Mapping[str, float] | None = None,
    shop: DemoShop | None = None,
) -> Bot:
    """A bot with the real pack and scripted understanding and knowledge."""
    return Bot(
        understands=ScriptedNlu({**SCRIPT, **(script or {})}, moods or {}, sure_from or {}),
        knowledge=ScriptedKnowledge(answers or {}, near),
        orders=shop or DemoShop(),
        pack=shipped_pack(),
        new_id=lambda: "run-1",
    )


@dataclass
class MemoryDesk:
    """Every store of a desk in memory, in one object; `desk` is how the use cases see it."""

    kept: dict[str, Conversation] = field(default_factory=dict)
    said: list[Message] = field(default_factory=list)
    tickets: dict[int, Ticket] = field(default_factory=dict)
    ratings: dict[str, Rating] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        """The stores by the names the use cases know."""
        return Desk(conversations=self, tickets=MemoryTickets(self), ratings=self, events=self)

    def get(self, conversation_id: str) -> Conversation:
        """The conversation."""
        try:
            return self.kept[conversation_id]
        except KeyError:
            raise ConversationNotFound(conversation_id) from None

    def add(self, conversation: Conversation) -> None:
        """Keep it."""
        self.kept[conversation.id] = conversation

    def store(self, message: Message) -> None:
        """Keep it and number it."""
        message.id = len(self.said) + 1
        self.said.append(message)

    def find_sent(self, conversation_id: str, sender: Sender, client_msg_id: str) -> Message | None:
        """The message with the sender's own id."""
        for message in self.messages(conversation_id):
            if message.sender is sender and message.client_msg_id == client_msg_id:
                return message
        return None

    def replies_to(self, message: Message) -> list[Message]:
        """The bot's replies to it."""
        return [
            other
            for other in self.messages(message.conversation_id)
            if other.sender is Sender.BOT and other.in_reply_to == message.seq
        ]

    def messages(self, conversation_id: str) -> list[Message]:
        """All of a conversation."""
        return [message for message in self.said if message.conversation_id == conversation_id]

    def put(self, rating: Rating) -> None:
        """Keep the latest."""
        self.ratings[rating.conversation_id] = rating

    def announce(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)


@dataclass
class MemoryTickets:
    """The tickets of a MemoryDesk, under the names that Tickets demands."""

    memory: MemoryDesk

    def get(self, ticket_id: int) -> Ticket:
        """The ticket."""
        try:
            return self.memory.tickets[ticket_id]
        except KeyError:
            raise TicketNotFound(str(ticket_id)) from None

    def add(self, ticket: Ticket) -> None:
        """Keep it and number it."""
        ticket.id = len(self.memory.tickets) + 1
        self.memory.tickets[ticket.id] = ticket


NOBODY = Customer()


SCRIPT: Mapping[str, str | Mapping[str, float]] = {
    "查物流": "query_logistics",
    "再查一下物流": "query_logistics",
    "查订单": "query_order_status",
    "催发货": "urge_shipping",
    "我要退货": "apply_return",
    "我的退款到哪了": "query_refund_progress",
    "退款几天到账": "query_refund_progress",
    "运费多少": "ask_shipping_fee",
    "你好": "greet",
    "谢谢": "thank",
    "再见": "goodbye",
    "我要投诉": "complain_service",
    "东西坏了": "complain_quality",
    "帮我叫个人": "request_human",
    "怎么开发票": "request_invoice",
    "Track my order": "query_order_status",
    "How much is shipping": "ask_shipping_fee",
}
"""What a scripted customer says, and what it means."""


@dataclass
class Shelf:
    """Finds what was put under a question, answerable or not; may be changed during a talk."""

    found: dict[str, Answer] = field(default_factory=dict)

    def search(
        self, question: str, *, scope: Scope, limit: int = 5, now: datetime | None = None
    ) -> Answer:
        return self.found.get(question, Answer((), answerable=False))


@dataclass
class Talk:
    """A customer talking with a bot; every turn becomes the next state."""

    bot: Bot
    customer: Customer = NOBODY
    state: DialogueState = field(default_factory=DialogueState)

    def say(self, text: str) -> Turn:
        """Say it, and remember what came of it."""
        turn = self.bot.respond(self.state, text, customer=self.customer, now=NOW)
        self.state = turn.state
        return turn

    def says(self, *texts: str) -> str:
        """Say several things; everything the bot replied to the last of them."""
        turns = [self.say(text) for text in texts]
        return "\n".join(reply.content for reply in turns[-1].replies)


def rule_of(turn: Turn) -> str:
    """The name of the rule that decided."""
    return turn.trace[0].removeprefix("rule: ")


def buttons_of(turn: Turn) -> list[str]:
    """The labels of all buttons."""
    return [button.label for reply in turn.replies for button in reply.buttons]
