"use strict";
// Adds to the tables of sites what sorts and filters them, and unfolds a history that a link leads to. Without
// this script the page is whole: it adds no text but that of its own controls.

const order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

function make(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function labelled(text, control) {
  return make("label", {}, make("span", { textContent: text }), control);
}

function textOf(row, column) {
  const cell = row.cells[column];
  return cell ? cell.textContent.trim() : "";
}

function keyOf(row, column) {
  const cell = row.cells[column];
  return (cell && cell.dataset.sort) || textOf(row, column);
}

function compare(one, other) {
  // What has no value comes last in either direction.
  return order.compare(one, other);
}

function enhance(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...body.rows];
  const controls = make("div", { className: "controls" });
  const shown = make("output", { className: "shown" });
  let sorted = null;
  let down = false;

  function sort(column, isDown) {
    sorted = column;
    down = isDown;
    const keyed = rows.map((row) => [keyOf(row, column), row]);
    const full = keyed.filter(([key]) => key !== "");
    full.sort(([one], [other]) => (down ? compare(other, one) : compare(one, other)));
    body.append(...full.map(([, row]) => row), ...keyed.filter(([key]) => key === "").map(([, row]) => row));
    heads.forEach((head, at) => {
      if (at === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    choice.value = `${column}${down ? "-" : "+"}`;
  }

  const words = make("input", { type: "search" });
  const filters = heads
    .map((head, column) => [head, column])
    .filter(([head]) => "filter" in head.dataset)
    .map(([head, column]) => {
      const values = new Map(rows.map((row) => [textOf(row, column), keyOf(row, column)]));
      values.delete("");
      const sortedValues = [...values].sort(([, one], [, other]) => compare(one, other));
      const select = make("select", {}, new Option("all", ""));
      sortedValues.forEach(([text]) => select.append(new Option(text, `=${text}`)));
      return { column, select, title: head.textContent.trim(), number: sortedValues.length };
    })
    .filter((one) => one.number > 1);

  function filter() {
    const typed = words.value.trim().toLocaleLowerCase().split(/\s+/);
    let number = 0;
    rows.forEach((row) => {
      const text = row.textContent.toLocaleLowerCase();
      const isShown =
        typed.every((word) => text.includes(word)) &&
        filters.every(({ column, select }) => !select.value || `=${textOf(row, column)}` === select.value);
      row.hidden = !isShown;
      if (isShown) number += 1;
    });
    shown.textContent = `${number} of ${rows.length} shown`;
  }

  const choice = make("select", {}, new Option("as listed", ""));
  heads.forEach((head, column) => {
    const title = head.textContent.trim();
    choice.append(new Option(`${title}, up`, `${column}+`), new Option(`${title}, down`, `${column}-`));
    // Beside the words of the heading, which a printer would leave out of a button on all pages but the first.
    const button = make("button", { type: "button", className: "sort", ariaLabel: `Sort by ${title}` });
    button.addEventListener("click", () => sort(column, sorted === column && !down));
    head.append(" ", button);
  });
  choice.addEventListener("change", () => {
    if (choice.value) sort(parseInt(choice.value, 10), choice.value.endsWith("-"));
    else {
      body.append(...rows);
      heads.forEach((head) => head.removeAttribute("aria-sort"));
      sorted = null;
    }
  });

  const reset = make("button", { type: "button", textContent: "Show all" });
  reset.addEventListener("click", () => {
    words.value = "";
    filters.forEach(({ select }) => (select.value = ""));
    filter();
    words.focus();
  });
  words.addEventListener("input", filter);
  filters.forEach(({ select }) => select.addEventListener("change", filter));

  controls.append(
    labelled("Find", words),
    ...filters.map(({ title, select }) => labelled(title, select)),
    labelled("Sort by", choice),
    reset,
    shown,
  );
  table.closest(".scroll").before(controls);
  filter();
}

function unfold() {
  const id = decodeURIComponent(location.hash.slice(1));
  const found = id && document.getElementById(id);
  if (found && found.localName === "details") {
    found.open = true;
    found.scrollIntoView();
  }
}

function addUnfoldAll(histories) {
  const all = [...histories.querySelectorAll("details")];
  if (all.length < 2) return;
  const button = make("button", { type: "button", textContent: "Unfold all" });
  button.addEventListener("click", () => {
    const isOpen = !all.every((one) => one.open);
    all.forEach((one) => (one.open = isOpen));
    button.textContent = isOpen ? "Fold all" : "Unfold all";
  });
  histories.before(make("div", { className: "controls" }, button));
}

document.querySelectorAll("table.sites, table.long").forEach(enhance);
document.querySelectorAll(".histories").forEach(addUnfoldAll);
// A link to the history that was last led to changes no address.
addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link && link.hash === location.hash) unfold();
});
addEventListener("hashchange", unfold);
unfold();
