/* Forms: Jenkins shows labels beside fields, and does not say to a screen reader to which they belong. */
if (typeof Behaviour !== "undefined") {
  Behaviour.specify(".pym-form :is(input, select, textarea)", "pymacaron-labels", 0, (field) => {
    const item = field.closest(".jenkins-form-item");
    const own = field.type === "checkbox" ? field.parentElement.querySelector("label") : null;
    const label = own || (item ? item.querySelector(":scope > .jenkins-form-label") : null);
    if (label && !field.getAttribute("aria-label") && (!field.labels || field.labels.length === 0)) {
      field.setAttribute("aria-label", label.firstChild.textContent.trim());
    }
  });
}

/* The trends: a legend that has room for every stage, where the chart's own one shows some of them and turns pages. */
window.addEventListener("load", () => {
  document.querySelectorAll(".pym-trend__chart").forEach((place) => {
    const chart = window.echarts ? window.echarts.getInstanceByDom(place) : null;
    const legend = place.previousElementSibling;
    if (!chart || !legend) {
      return;
    }
    const item = (name, colour) => {
      const line = document.createElement("li");
      const button = document.createElement("button");
      const sample = document.createElement("span");
      button.type = "button";
      button.setAttribute("aria-pressed", "true");
      sample.className = "pym-legend__colour";
      sample.style.background = colour;
      button.append(sample, name);
      button.addEventListener("click", () => {
        chart.dispatchAction({ type: "legendToggleSelect", name });
        button.setAttribute("aria-pressed", String(chart.getOption().legend[0].selected[name] !== false));
      });
      line.append(button);
      return line;
    };
    const draw = () => {
      const drawn = chart.getOption();
      if (drawn && drawn.legend && drawn.legend[0].show !== false && drawn.series.length > 0) {
        const colours = drawn.series.map((series, index) => chart.getVisual({ seriesIndex: index }, "color"));
        legend.replaceChildren();
        drawn.series.forEach((series, index) => legend.append(item(series.name, colours[index])));
        chart.setOption({ legend: { show: false }, grid: { top: 12 } });
      }
    };
    chart.on("finished", draw);
    draw();
  });
});

/* The Acceptance page: tabs, search and pages of cases. Everything that tests wrote goes in as text, never as HTML. */
document.addEventListener("DOMContentLoaded", () => {
  const page = document.querySelector(".pym-acceptance");
  if (!page) {
    return;
  }
  const tabs = [...page.querySelectorAll(".pym-tab")];
  const body = page.querySelector("tbody");
  const search = page.querySelector("#pym-search");
  const status = page.querySelector(".pym-status select");
  const count = page.querySelector(".pym-count");
  const pages = page.querySelector(".pym-pages");
  const previous = page.querySelector(".pym-previous");
  const next = page.querySelector(".pym-next");
  const where = page.querySelector(".pym-page");
  const log = page.querySelector(".pym-log");
  const kinds = new Map([...page.querySelectorAll(".pym-kind")].map((k) => [k.dataset.kind, k]));
  const address = new URLSearchParams(window.location.search);
  let section = Number(page.dataset.first);
  let shown = 0;
  let asked = 0;

  search.setAttribute("aria-label", search.placeholder);

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) {
      made.className = className;
    }
    if (text !== undefined) {
      made.textContent = text;
    }
    return made;
  };

  const fold = (title, text, open) => {
    const details = element("details");
    details.open = open;
    const pre = element("pre", "", text);
    pre.tabIndex = 0;
    details.append(element("summary", "", title), pre);
    return details;
  };

  /** The first that went wrong is what people look for. */
  const row = (test, index) => {
    const bad = test.status === "FAILED" || test.status === "ERROR";
    const line = element("tr");
    const result = element("td", "pym-result");
    const kind = kinds.get(test.status);
    result.append(kind ? kind.content.cloneNode(true) : element("span", "", test.status));
    const name = element("td");
    const title = element("div", "pym-case");
    title.append(
      element("span", "pym-case__name", test.name),
      " ",
      element("span", "pym-case__class", test.className),
    );
    name.append(title);
    if (test.message) {
      name.append(element("div", bad ? "pym-case__message pym-case__message--bad" : "pym-case__message", test.message));
    }
    if (test.detail) {
      name.append(fold(page.dataset.trace, test.detail, bad && index === 0));
    }
    if (test.output) {
      name.append(fold(page.dataset.output, test.output, false));
    }
    line.append(result, name, element("td", "pym-number", (test.millis / 1000).toFixed(3)));
    return line;
  };

  const show = (answer) => {
    body.replaceChildren();
    answer.cases.forEach((test, index) => body.append(row(test, index)));
    if (answer.total === 0) {
      const none = element("td", "pym-none", page.dataset.none);
      none.colSpan = 3;
      const line = element("tr");
      line.append(none);
      body.append(line);
    }
    shown = answer.page;
    count.textContent =
      answer.total === answer.all
        ? page.dataset.found.replace("#", () => String(answer.all))
        : page.dataset.some.replace("##", () => String(answer.all)).replace("#", () => String(answer.total));
    pages.hidden = answer.pages === 1;
    where.textContent = page.dataset.of
      .replace("##", () => String(answer.pages))
      .replace("#", () => String(answer.page + 1));
    previous.disabled = answer.page === 0;
    next.disabled = answer.page + 1 >= answer.pages;
    if (answer.log !== undefined) {
      log.hidden = answer.log === "";
      log.querySelector("pre").textContent = answer.log;
      // A service that no test could ask: its log is what there is.
      log.open = page.querySelector(`[data-facts="${section}"]`).dataset.broken === "true";
    }
  };

  /** So that what is shown can be sent to others, and is there again after a look at something else. */
  const keepAddress = (wanted) => {
    const kept = new URLSearchParams();
    kept.set("tab", section);
    if (status.value) {
      kept.set("show", status.value.toLowerCase());
    }
    if (search.value) {
      kept.set("search", search.value);
    }
    if (wanted > 0) {
      kept.set("page", wanted + 1);
    }
    window.history.replaceState(null, "", `?${kept}`);
  };

  const load = (wanted) => {
    const mine = ++asked;
    keepAddress(wanted);
    const query = new URLSearchParams({ section, page: wanted, status: status.value, search: search.value });
    return fetch(`cases?${query}`)
      .then((response) => (response.ok ? response.json() : Promise.reject(new Error(String(response.status)))))
      .then((answer) => {
        // Another answer may be on its way for what was asked since.
        if (mine === asked) {
          show(answer);
        }
      })
      .catch(() => {
        count.textContent = page.dataset.broken;
      });
  };

  const turn = (wanted) => load(wanted).then(() => page.querySelector("#pym-cases").scrollIntoView());

  const select = (tab, wanted = 0) => {
    tabs.forEach((other) => {
      const chosen = other === tab;
      other.setAttribute("aria-selected", String(chosen));
      other.parentElement.classList.toggle("active", chosen);
      other.tabIndex = chosen ? 0 : -1;
    });
    section = Number(tab.dataset.section);
    page.querySelectorAll("[data-facts]").forEach((facts) => {
      facts.hidden = Number(facts.dataset.facts) !== section;
    });
    page.querySelector("#pym-cases").setAttribute("aria-labelledby", tab.id);
    load(wanted);
  };

  tabs.forEach((tab, index) => {
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      select(tab);
    });
    tab.addEventListener("keydown", (event) => {
      const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: -1, " ": index }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        const other = tabs[(to + tabs.length) % tabs.length];
        other.focus();
        select(other);
      }
    });
  });
  let typing;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => load(0), 200);
  });
  status.addEventListener("change", () => load(0));
  previous.addEventListener("click", () => turn(shown - 1));
  next.addEventListener("click", () => turn(shown + 1));

  search.value = address.get("search") || "";
  const show0 = (address.get("show") || "").toUpperCase();
  status.value = [...status.options].some((option) => option.value === show0) ? show0 : "";
  const first = tabs.find((tab) => tab.dataset.section === address.get("tab")) || tabs[section] || tabs[0];
  select(first, Math.max(0, (Number.parseInt(address.get("page"), 10) || 1) - 1));
});
