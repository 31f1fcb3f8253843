
(function () {
  "use strict";
  const form = document.getElementById("filter");
  const query = document.getElementById("query");
  const section = document.getElementById("section");
  const verdict = document.getElementById("verdict");
  const count = document.getElementById("count");
  const none = document.getElementById("none");
  const toggle = document.getElementById("open");
  const sources = Array.from(document.querySelectorAll(".claim details"));
  const parts = Array.from(document.querySelectorAll("[data-part]"));
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const claims = Array.from(document.querySelectorAll(".claim"), (element) => ({
    element,
    text: fold(element.textContent),
    section: element.dataset.section,
    marks: element.dataset.marks.split(" "),
  }));

  function filter() {
    const words = fold(query.value).split(/\s+/).filter(Boolean);
    const narrowed = words.length > 0 || section.value !== "" || verdict.value !== "";
    let shown = 0;
    for (const claim of claims) {
      const fits =
        words.every((word) => claim.text.includes(word)) &&
        (section.value === "" || claim.section === section.value) &&
        (verdict.value === "" || claim.marks.includes(verdict.value));
      claim.element.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    for (const part of parts) {
      part.hidden = narrowed && part.querySelector(".claim:not([hidden])") === null;
    }
    count.textContent = String(shown);
    none.hidden = shown > 0;
  }

  function label() {
    const open = sources.some((one) => !one.open);
    toggle.textContent = open ? toggle.dataset.open : toggle.dataset.close;
  }

  // A link to a claim that the filter hides shows it.
  function reveal() {
    const target = document.getElementById(location.hash.slice(1));
    if (target !== null && target.closest("[hidden]") !== null) {
      form.reset();
      filter();
      target.scrollIntoView();
    }
  }

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  window.addEventListener("hashchange", reveal);
  toggle.addEventListener("click", () => {
    const open = sources.some((one) => !one.open);
    for (const one of sources) one.open = open;
    label();
  });
  document.addEventListener("toggle", label, true);
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input,select,textarea") !== null;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      query.focus();
    } else if (event.key === "Escape" && event.target === query) {
      query.value = "";
      filter();
    }
  });

  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = sources.filter((one) => !one.open);
    for (const one of closed) one.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });
  filter();
})();
