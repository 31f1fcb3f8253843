"""What goes wrong on a page, seen by a real Chromium and by axe-core."""

import base64
import pathlib
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import page
import renderers
from page import Missed

WIDTHS = {"phone": 390, "desk": 1280}
CITE = re.compile(r"https://x\.com/[A-Za-z0-9_]{1,15}/status/[0-9]{1,20}")
LOOK = r"""(async () => {
await new Promise(done => setTimeout(done, 250));
const all = query => [...document.querySelectorAll(query)], root = document.documentElement;
for (const image of all('img')) image.loading = 'eager';
await Promise.allSettled(all('img').map(image => image.decode()));
const hash = a => { try { return decodeURIComponent(a.hash.slice(1)) } catch { return a.hash.slice(1) } };
const here = a => a.origin === location.origin && a.pathname === location.pathname && a.hash.length > 1;
const visible = e => e.checkVisibility();
return {
    text: document.body.innerText,
    images: all('img').filter(image => !image.naturalWidth).map(image => image.currentSrc || image.src),
    anchors: all('a[href]').filter(a => here(a) && !document.getElementById(hash(a))).map(a => a.hash),
    links: [...new Set(all('a[href]').map(a => a.getAttribute('href').startsWith('#') ? '' : a.href))].filter(Boolean),
    headings: all('h1, h2, h3, h4, h5, h6').filter(visible).map(h => [Number(h.tagName[1]), h.innerText]),
    sideways: root.scrollWidth - root.clientWidth,
};
})()"""
AXE = """axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes[0].html.slice(0, 120)} (${one.nodes.length} in all)`))"""
Faults = dict[str, list[str]]


class Eyes(page.Browser):
    """A Chromium that tells what goes wrong on a page."""

    def __init__(self, folder: pathlib.Path) -> None:
        super().__init__(folder)
        self.axe = (renderers.packages() / "axe-core" / "axe.min.js").read_text("utf-8")
        self.call("Debugger.disable")
        for domain in ["Runtime", "Log"]:
            self.call(f"{domain}.enable")

    def faults(self, url: str, width: int, cited: bool, picture: pathlib.Path | None = None) -> Faults:
        """Everything wrong with a page in a window of that width, by kind; `cited`: it must lead to tweets."""
        phone = width == WIDTHS["phone"]
        screen = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": phone}
        self.call("Emulation.setDeviceMetricsOverride", **screen)
        self.call("Page.navigate", url="about:blank")
        self.call("Log.clear")
        self.events.clear()
        self.call("Page.navigate", url=url)
        until = time.monotonic() + page.SECONDS
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.next())
            if time.monotonic() > until:
                raise Missed(f"{url} does not load")
        seen = self.answer(LOOK)
        self.call("Runtime.evaluate", expression=self.axe)
        cites = [link for link in seen["links"] if "x.com/" in link]
        found = {
            "console": self.console(),
            "requests": self.requests(),
            "stars": [line for line in seen["text"].splitlines() if "**" in line],
            "pictures": seen["images"],
            "links": [link for link in seen["links"] if not CITE.fullmatch(link) and not opens(link, url)],
            "anchors": seen["anchors"],
            "headings": disorder(seen["headings"]),
            "cites": [link for link in cites if not CITE.fullmatch(link)] or ["none"] * (cited and not cites),
            "sideways": [f"{seen['sideways']} px"] if phone and seen["sideways"] > 0 else [],
            "axe": self.answer(AXE),
        }
        if picture:
            self.shoot(picture)
        return found

    def answer(self, expression: str) -> Any:
        told = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "value" not in told["result"]:
            raise Missed(f"the page cannot be looked at: {told}")
        return told["result"]["value"]

    def of(self, method: str) -> Iterator[dict[str, Any]]:
        return (event["params"] for event in self.events if event.get("method") == method)

    def console(self) -> list[str]:
        said = [one["args"] for one in self.of("Runtime.consoleAPICalled") if one["type"] in ("error", "assert")]
        thrown = [one["exceptionDetails"]["text"] for one in self.of("Runtime.exceptionThrown")]
        entries = [one["entry"] for one in self.of("Log.entryAdded")]
        # A request that failed is told among the requests.
        logged = [one["text"] for one in entries if one["level"] == "error" and one["source"] != "network"]
        return [str(args[0].get("value", args[0]) if args else "") for args in said] + thrown + logged

    def requests(self) -> list[str]:
        answers = [one["response"] for one in self.of("Network.responseReceived")]
        failed = [one["errorText"] for one in self.of("Network.loadingFailed") if not one.get("canceled")]
        return [f"{one['status']} {one['url']}" for one in answers if one["status"] >= 400] + failed

    def shoot(self, file: pathlib.Path) -> None:
        file.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))


def disorder(headings: list[list[Any]]) -> list[str]:
    """Headings that leave out a level, or are empty; and a page that has not one of the first."""
    levels = [level for level, _ in headings]
    steps = [(text, before, level) for before, (level, text) in zip([0, *levels], headings) if level > before + 1]
    wrong = [f"{text!r} is of level {level} after {before}" for text, before, level in steps]
    wrong += [f"a heading of level {level} is empty" for level, text in headings if not text.strip()]
    return wrong + ([] if levels.count(1) == 1 else [f"{levels.count(1)} headings of level 1"])


def opens(link: str, page_url: str) -> bool:
    """Whether a link leads to a page of the same server; there is no other place that ours lead to."""
    here = "/".join(page_url.split("/")[:3]) + "/"
    if link.startswith("data:") or "x.com/" in link:
        return True  # cites are judged by themselves
    if not link.startswith(here):
        return False
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(link, timeout=page.SECONDS) as answer:
            return answer.status == 200
    except urllib.error.HTTPError:
        return False
