"use strict";
// Keys, for those who have a script; the page works without.
const field = document.getElementById("question");
const stops = [...document.querySelectorAll("[data-stop]")];

function isTyping(target) {
  return target instanceof HTMLInputElement || target.isContentEditable;
}

function move(step) {
  const shown = stops.filter((stop) => stop.checkVisibility());
  const next = shown.indexOf(document.activeElement) + step;
  const target = next < 0 ? field : shown[Math.min(next, shown.length - 1)];
  target.focus();
  target.scrollIntoView({block: "nearest"});
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = isTyping(event.target);
  if (event.key === "/" && !typing) {
    field.focus();
    field.select();
  } else if (event.key === "Escape" && typing) {
    event.target.value = "";
  } else if (event.key === "Escape") {
    field.value = "";
    field.focus();
  } else if (event.key === "ArrowDown" && stops.length) {
    move(1);
  } else if (event.key === "ArrowUp" && stops.includes(event.target)) {
    move(-1);
  } else {
    return;
  }
  event.preventDefault();
});

// An empty filter is no part of the address.
for (const form of document.forms) {
  form.addEventListener("submit", () => {
    for (const input of form.elements) input.disabled = input.name !== "" && input.value === "";
  });
}
addEventListener("pageshow", () => {
  for (const input of document.querySelectorAll("input")) input.disabled = false;
});
// The sentence that was opened is where reading goes on.
if (location.hash === "#answer") document.getElementById("answer")?.focus({preventScroll: true});
