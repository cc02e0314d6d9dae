"""A web site of somebody else on this machine, whose page tries all that a page can try.

The page says what came of each attempt in an element of its own; ``got`` means that it worked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PAGE = """<!DOCTYPE html><title>evil</title><ul id="found"></ul>
<p><a id="link" href="VICTIM/claims?case=sanctions&amp;set.pain=1">a link to a setting</a></p>
<iframe name="hole"></iframe>
<form id="form" method="post" action="VICTIM/open" enctype="multipart/form-data" target="hole">
<input type="file" name="file"></form>
<form id="text" method="post" action="VICTIM/act/save" enctype="text/plain" target="hole">
<input name='{"name": "evil.yaml", "text": "' value='"}'></form>
<script>
const victim = "VICTIM", list = document.getElementById("found");
const report = (what, result) => {
  const item = document.createElement("li");
  item.textContent = `${what}: ${result}`;
  list.append(item);
};
const get = (what, path, options) => fetch(victim + path, { credentials: "include", ...options })
  .then(async (r) => report(what, (await r.text()) || r.type), () => report(what, "refused"));
const load = (what, tag, key, path) => new Promise((done) => {
  const element = document.createElement(tag);
  element.onload = () => done(report(what, "got"));
  element.onerror = () => done(report(what, "refused"));
  if (tag === "link") element.rel = "stylesheet";
  element[key] = victim + path;
  document.body.append(element);
});
const file = () => new File(["detente: 1"], "evil.yaml", { type: "text/plain" });
const form = new FormData();
form.append("file", file());
const json = { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" };
const plain = { method: "POST", mode: "no-cors", body: "{}" };

async function attack() {
  await get("read a page", "/claims?case=chicken");
  await get("read blindly", "/claims?case=chicken", { mode: "no-cors" });
  await get("read a stream", "/stream/claims?case=chicken");
  await get("read the pulse", "/pulse?case=chicken");
  await get("read a report", "/file/results/run/report.html");
  await get("send json", "/act/save", json);
  await get("send blindly", "/act/save", plain);
  await get("stop", "/stop", plain);
  await get("upload", "/open", { method: "POST", mode: "no-cors", body: form });
  await get("delete", "/claims", { method: "DELETE" });
  await load("picture", "img", "src", "/static/icon.svg");
  await load("script", "script", "src", "/static/page.js");
  await load("style", "link", "href", "/static/report.css");
  await new Promise((done) => {
    const address = `${victim}/stream/claims?case=chicken`;
    const events = new EventSource(address, { withCredentials: true });
    events.onopen = () => done(report("events", "got"));
    events.onerror = () => done(report("events", "refused"));
  });
  await new Promise((done) => {
    const socket = new WebSocket(`${victim.replace("http", "ws")}/stream/claims`);
    socket.onopen = () => done(report("socket", "got"));
    socket.onerror = () => done(report("socket", "refused"));
  });
  await new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.onload = () => {
      let words = "refused";
      try { words = frame.contentWindow.document.body.innerHTML || words; } catch { /* not ours */ }
      done(report("frame", words));
    };
    frame.src = `${victim}/claims?case=chicken`;
    document.body.append(frame);
  });
  const chosen = new DataTransfer();
  chosen.items.add(file());
  document.querySelector("input[type=file]").files = chosen.files;
  document.getElementById("form").submit();
  await new Promise((done) => setTimeout(done, 500));
  document.getElementById("text").submit();
  await new Promise((done) => setTimeout(done, 500));
  const opened = window.open(`${victim}/claims?case=chicken`);
  await new Promise((done) => setTimeout(done, 1500));
  let words = "refused";
  try { words = opened.document.body.innerHTML || words; } catch { /* not ours */ }
  report("window", words);
  report("all", "done");
}
attack();
</script>
"""


@contextmanager
def evil_site(victim: str) -> Iterator[int]:
    """Serve the page, and give its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PAGE.replace("VICTIM", victim).encode())

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
