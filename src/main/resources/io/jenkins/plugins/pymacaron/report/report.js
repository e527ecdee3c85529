(() => {
  'use strict';
  const PAGE = 50;

  const element = (tag, className, text) => {
    const e = document.createElement(tag);
    if (className) e.className = className;
    if (text !== undefined) e.textContent = text;
    return e;
  };

  const icon = name => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    svg.setAttribute('class', 'icon');
    svg.setAttribute('width', 16);
    svg.setAttribute('height', 16);
    svg.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', '#i-' + name);
    svg.append(use);
    return svg;
  };

  const row = ([result, className, name, took, message, detail], classes) => {
    const tr = element('tr');
    const state = element('td', result);
    state.append(icon({ passed: 'pass', skipped: 'skip' }[result] || 'fail'), result);
    const test = element('td', 'name');
    test.append(element('b', '', name), ' ', element('span', 'dim', classes[className]));
    if (message) test.append(element('div', 'dim', message));
    if (detail) {
      const more = element('details');
      more.append(element('summary', 'dim', 'Trace'), element('pre', '', detail));
      test.append(more);
    }
    tr.append(state, test, element('td', '', took));
    return tr;
  };

  const start = section => {
    const { rows, classes } = JSON.parse(section.querySelector('script').textContent);
    const failures = [...section.querySelectorAll('.failure')];
    const tools = section.querySelector('.tools');
    const input = tools.querySelector('input');
    const chips = [...tools.querySelectorAll('button')];
    const paged = section.querySelector('.paged');
    const others = section.querySelector('.others');
    const lower = classes.map(c => c.toLowerCase());
    let kind = 'all';
    let page = 0;

    const wanted = result => kind === 'all' || kind === result || (kind === 'failed' && result === 'error');

    const show = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const matches = text => words.every(w => text.includes(w));
      let count = 0;
      for (const failure of failures) {
        failure.hidden = !(wanted('failed') && matches(failure.querySelector('.name').textContent.toLowerCase()));
        if (!failure.hidden) count++;
      }
      const found = rows.filter(r => wanted(r[0]) && matches(r[2].toLowerCase() + ' ' + lower[r[1]]));
      const total = failures.length + rows.length;
      count += found.length;
      tools.querySelector('.shown').textContent = count === total ? '' :
        count.toLocaleString('en') + ' of ' + total.toLocaleString('en') + ' shown';
      if (others && others.open) table(found);
    };

    const table = found => {
      const last = Math.max(0, Math.ceil(found.length / PAGE) - 1);
      page = Math.min(page, last);
      const shown = found.slice(page * PAGE, (page + 1) * PAGE);
      const table = element('table', 'cases');
      const head = table.createTHead().insertRow();
      for (const title of ['Result', 'Test', 'Took']) {
        const th = element('th', '', title);
        th.scope = 'col';
        head.append(th);
      }
      table.createTBody().append(...shown.map(r => row(r, classes)));
      paged.replaceChildren(...(shown.length ? [table] : []));
      if (last > 0) {
        const pages = element('nav', 'pages');
        pages.setAttribute('aria-label', 'Pages of tests');
        const turn = (text, to) => {
          const button = element('button', '', text);
          button.type = 'button';
          button.disabled = to < 0 || to > last;
          button.addEventListener('click', () => {
            page = to;
            show();
            const again = [...paged.querySelectorAll('.pages button')].find(b => b.textContent === text);
            (again.disabled ? paged.querySelector('.pages button:not(:disabled)') : again).focus();
          });
          return button;
        };
        const n = x => x.toLocaleString('en');
        pages.append(turn('‹ Previous', page - 1), turn('Next ›', page + 1), element('span', '',
          n(page * PAGE + 1) + '–' + n(page * PAGE + shown.length) + ' of ' + n(found.length)));
        paged.append(pages);
      }
    };

    if (failures.length + rows.length > 5) tools.hidden = false;
    const ask = () => {
      page = 0;
      if (others) others.open = true;
      show();
    };
    input.addEventListener('input', ask);
    for (const chip of chips) {
      chip.addEventListener('click', () => {
        kind = chip.dataset.show;
        chips.forEach(c => c.setAttribute('aria-pressed', c === chip));
        ask();
      });
    }
    if (others) others.addEventListener('toggle', show);
    show();
  };

  document.querySelectorAll('section[data-tests]').forEach(start);
  addEventListener('beforeprint', () => document.querySelectorAll('.failure').forEach(f => { f.open = true; }));
})();
