"""Who uses the product in the journeys: a window, a customer in it, an agent in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Error, Locator, Page, expect

from tests.browser.product import Product

PATIENCE_MS = 15_000

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Window:
    """One browser window. `expects` are parts of complaints that a test provokes on purpose."""

    page: Page
    expects: tuple[str, ...] = ()
    _heard: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", self._page_error)

    def complaints(self) -> list[str]:
        """Errors of scripts, of the console and of the content security policy."""
        return [text for text in self._heard if not any(part in text for part in self.expects)]

    def picture(self, folder: Path, name: str) -> None:
        """Keep a screenshot."""
        self.page.screenshot(path=folder / f"{name}.png")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._heard.append(f"{message.text} {message.location.get('url', '')}")

    def _page_error(self, error: Error) -> None:
        self._heard.append(str(error))


@dataclass
class Customer:
    """Somebody who chats, in the widget or on the chat page."""

    window: Window
    frame: Locator

    @classmethod
    def in_shop(cls, window: Window, product: Product) -> Customer:
        """Opens the bubble on the shop's page."""
        window.page.goto(product.url + "/")
        return cls.at_widget(window)

    @classmethod
    def at_widget(cls, window: Window) -> Customer:
        """Opens the bubble on the page that is there."""
        window.page.locator(".jd-bubble-button").click()
        return cls._ready(window, window.page.locator(".jd-window"))

    @classmethod
    def on_page(cls, window: Window, product: Product) -> Customer:
        """Opens the chat page."""
        window.page.goto(product.url + "/chat")
        return cls._ready(window, window.page.locator("#chat"))

    @classmethod
    def _ready(cls, window: Window, frame: Locator) -> Customer:
        customer = cls(window, frame)
        expect(customer.said_by("bot").first).to_be_visible()
        return customer

    @property
    def input(self) -> Locator:
        """Where one types."""
        return self.frame.locator("textarea")

    @property
    def state(self) -> Locator:
        """Who has the conversation, as the header says."""
        return self.frame.locator(".jd-state")

    def said_by(self, sender: str) -> Locator:
        """The bubbles of `customer`, `bot` or `agent`."""
        return self.frame.locator(f".jd-row.jd-{sender}:not(.jd-typing) .jd-bubble")

    def say(self, text: str) -> None:
        """Type and send."""
        self.input.fill(text)
        self.input.press("Enter")

    def ask(self, text: str) -> Locator:
        """Say something and wait for the bot's next bubble."""
        before = self.said_by("bot").count()
        self.say(text)
        expect(self.said_by("bot").nth(before)).to_be_visible()
        return self.said_by("bot").last

    def fetch_person(self) -> None:
        """Press the button for a person, and stand in the queue."""
        self.frame.locator(".jd-human").click()
        self.is_queued()

    def is_queued(self) -> None:
        """Wait until the header says that one stands in the queue."""
        expect(self.state).to_contain_text("排队")

    def is_delivered(self) -> None:
        """Wait until the server has everything that was said."""
        expect(self.frame.locator(".jd-delivery")).to_have_count(0)


@dataclass
class Desk:
    """An agent at the workbench."""

    window: Window

    @classmethod
    def open(cls, window: Window, product: Product, email: str) -> Desk:
        """Signs in and goes to the desk."""
        sign_in(window, product, email)
        window.page.goto(product.url + "/desk")
        expect(window.page.locator("#tabs .tab").first).to_be_visible()
        return cls(window)

    @property
    def page(self) -> Page:
        """The page."""
        return self.window.page

    @property
    def messages(self) -> Locator:
        """Everything in the thread."""
        return self.page.locator(".thread .said-body")

    def group(self, name: str) -> None:
        """Show `queue`, `mine` or `all`."""
        self.page.locator(f'#tabs [data-value="{name}"]').click()

    def talk(self, text: str) -> Locator:
        """The conversation in the list that shows this text."""
        return self.page.locator(".talk", has_text=text)

    def take(self, text: str) -> None:
        """Open a waiting conversation and claim it."""
        self.group("queue")
        self.talk(text).first.click()
        self.page.locator("#claim").click()
        expect(self.page.locator(".composer")).to_be_visible()

    def write(self, text: str, *, note: bool = False) -> None:
        """Reply, or leave a note."""
        self.page.locator(".composer-tab").nth(1 if note else 0).click()
        self.page.locator(".composer textarea").fill(text)
        self.page.locator(".composer textarea").press("Control+Enter")
        expect(self.messages.last).to_have_text(text)

    def action(self, name: str) -> None:
        """Press one of the conversation's buttons."""
        self.page.locator(".thread-actions .wide", has_text=name).click()


def sign_in(window: Window, product: Product, email: str) -> None:
    """Sign in by the form."""
    page = window.page
    page.goto(product.url + "/login")
    page.locator("#email").fill(email)
    page.locator("#password").fill(product.password)
    page.locator("button[type=submit]").click()
    page.wait_for_url(lambda url: "/login" not in url)


def publish(window: Window, product: Product, markdown: str) -> str:
    """Publish an article as whoever is signed in; returns its id."""
    token = window.page.locator("meta[name=csrf-token]").get_attribute("content") or ""
    answer = window.page.request.post(
        f"{product.url}/api/v1/articles",
        data={"markdown": markdown},
        headers={"X-CSRF-Token": token},
    )
    assert answer.status == 201, answer.text()
    return str(answer.json()["id"])
