"""A browser window, used as a customer uses it: by what can be read on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, TypeVar

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as until
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.house import House
from tests.support.ports import free_port

CHROMIUM, CHROMEDRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
PATIENCE_SECONDS = 120
SIZES = {"narrow": (320, 640), "phone": (390, 844), "desktop": (1280, 900)}
FLAGS = (
    "--headless=new",
    "--no-sandbox",  # it also runs as root, in a container
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
COMPLAINTS = ("Content Security Policy", "Uncaught", "Refused to", "Mixed Content")
UNLABELLED = (
    "return [...document.querySelectorAll('input:not([type=hidden]), iframe')]"
    ".filter(each => !(each.labels?.length || each.title)).map(each => each.outerHTML)"
)

T = TypeVar("T")


class Window:
    """One window; `pay` and the like do what a customer does on the page that is shown."""

    def __init__(self, driver: Chrome, house: House, screenshots: Path) -> None:
        self.driver = driver
        self.house = house
        self._screenshots = screenshots

    def forget(self) -> None:
        """Another person's browser."""
        self.driver.switch_to.default_content()
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})

    def enter(self, user_id: str, path: str) -> None:
        """Comes from the application, by the link it made."""
        self.driver.get(self.house.link(user_id, path))

    def go(self, path: str) -> None:
        self.driver.get(self.house.address + path)

    def there(self, css: str) -> None:
        """Waits for an element."""
        self.wait(until.presence_of_element_located((By.CSS_SELECTOR, css)))

    def has(self, css: str) -> bool:
        return bool(self.driver.find_elements(By.CSS_SELECTOR, css))

    def press(self, label: str) -> None:
        """Presses the button or link with this label."""
        self._click(By.XPATH, f"//*[self::button or self::a][normalize-space()={label!r}]")

    def click(self, css: str) -> None:
        """Clicks on an element, once it is there."""
        self._click(By.CSS_SELECTOR, css)

    def _click(self, by: str, what: str) -> None:
        there = until.element_to_be_clickable((by, what))

        def clicked(driver: Chrome) -> bool:
            # Found anew for each try: a page that comes, or goes, has not taken the click.
            found = there(driver)
            if found:
                found.click()
            return bool(found)

        self.wait(clicked)

    @contextmanager
    def turning(self) -> Iterator[None]:
        """What is done here leads to another page, which may say just what this one says."""
        self.look("document.documentElement.dataset.old = 'yes'")
        yield
        self.wait(lambda driver: not driver.find_elements(By.CSS_SELECTOR, "html[data-old]"))

    def read(self) -> str:
        """What stands on the page."""
        return self.text("body")

    def text(self, css: str) -> str:
        """What an element says."""
        return str(self.wait(lambda driver: [driver.find_element(By.CSS_SELECTOR, css).text])[0])

    def attribute(self, css: str, name: str) -> str:
        """What an attribute of an element holds, or nothing."""

        def held(driver: Chrome) -> list[str]:
            return [driver.find_element(By.CSS_SELECTOR, css).get_attribute(name) or ""]

        return self.wait(held)[0]

    def look(self, script: str, *given: object) -> Any:
        """What a script that may run more than once answers on the page that is shown."""
        return self.wait(lambda driver: [driver.execute_script(script, *given)])[0]

    def heading(self, text: str) -> None:
        """Waits for the page with this heading, and that it is the only one."""
        self.wait(
            lambda driver: [text] == [each.text for each in driver.find_elements(By.TAG_NAME, "h1")]
        )

    def says(self, css: str, text: str) -> None:
        """Waits until an element says this."""
        self.wait(until.text_to_be_present_in_element((By.CSS_SELECTOR, css), text))

    def says_value(self, css: str, text: str) -> None:
        """Waits until a field holds this."""
        self.wait(until.text_to_be_present_in_element_value((By.CSS_SELECTOR, css), text))

    def card(self, number: str) -> None:
        """Types a card into the provider's own frame, and presses the page's button."""
        self.type_card(number)
        self.submit_card()

    def type_card(self, number: str) -> None:
        self.wait(until.element_to_be_clickable((By.ID, "card-submit")))
        with self.frame("#card-element iframe"):
            for name, value in (("number", number), ("expires", "1234"), ("cvc", "123")):
                self.fill(f"#{name}", value)

    def submit_card(self) -> None:
        self.click("#card-submit")

    @contextmanager
    def frame(self, css: str) -> Iterator[None]:
        """Inside a frame, such as the provider's."""
        self.wait(until.frame_to_be_available_and_switch_to_it((By.CSS_SELECTOR, css)))
        try:
            yield
        finally:
            self.driver.switch_to.default_content()

    def fill(self, css: str, text: str) -> None:
        """Types into a field, over what it held."""

        def filled(driver: Chrome) -> bool:
            field = driver.find_element(By.CSS_SELECTOR, css)
            field.clear()
            field.send_keys(text)
            return True

        self.wait(filled)

    def wait(self, condition: Callable[[Any], T | Literal[False]]) -> T:
        # A page that is just giving way to the next answers with all kinds of errors.
        patient = WebDriverWait(self.driver, PATIENCE_SECONDS, 0.1, [WebDriverException])
        found = patient.until(condition)
        assert found is not False
        return found

    @contextmanager
    def without_scripts(self) -> Iterator[None]:
        """A browser in which JavaScript is switched off."""
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        try:
            yield
        finally:
            self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

    def complaints(self) -> list[str]:
        """What the browser complained of since it was last asked."""
        told = [
            str(entry["message"])
            for entry in self.driver.execute("getLog", {"type": "browser"})["value"]
        ]
        return [text for text in told if any(word in text for word in COMPLAINTS)]

    def shoot(self, name: str) -> None:
        """Pictures at each size and in the dark; nothing is cut off, or lacks a label."""
        assert self.look(UNLABELLED) == []
        for size, (width, height) in SIZES.items():
            self.resize(width, height)
            script = "return [document.documentElement.scrollWidth, window.innerWidth]"
            wide, room = self.look(script)
            assert wide <= room, (name, size, wide, room)
            self._save(f"{name}-{size}")
        self.resize(*SIZES["phone"])
        self._colours("dark")
        self._save(f"{name}-dark")
        self._colours("light")

    def _save(self, name: str) -> None:
        self._screenshots.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(self._screenshots / f"{name}.png"))

    def _colours(self, scheme: str) -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


@contextmanager
def chromium(house: House, screenshots: Path) -> Iterator[Window]:
    """Debian's chromium, headless, with a profile of its own that is deleted at the end."""
    with TemporaryDirectory(prefix="billing-browser-", ignore_cleanup_errors=True) as profile:
        options = ChromeOptions()
        options.binary_location = CHROMIUM
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        driver = Chrome(options, Service(CHROMEDRIVER, port=free_port()))
        try:
            window = Window(driver, house, screenshots)
            window.resize(*SIZES["phone"])
            yield window
        finally:
            driver.quit()
