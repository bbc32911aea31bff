// Opens the dashboard in a browser and holds it against the views; prints TAP.
//   node page.cjs ADDRESS TRUTH.json PICTURES     TRUTH: what the views have, by model; PICTURES: folder for screenshots
const { readFileSync } = require('node:fs');
const { chromium } = require('playwright-core');

const [address, truthFile, pictures] = process.argv.slice(2);
const truth = JSON.parse(readFileSync(truthFile));
let points = 0;
let broken = 0;
function point(good, name, detail) {
  points += 1;
  console.log(`${good ? 'ok' : 'not ok'} ${points} - ${name}`);
  if (!good) {
    broken += 1;
    if (detail !== undefined) console.log(`# ${JSON.stringify(detail)}`);
  }
}
const same = (got, want, name) => point(JSON.stringify(got) === JSON.stringify(want), name, { got, want });

const money = (v) => (v === null ? '–' : new Intl.NumberFormat('en', { maximumFractionDigits: 0 }).format(v));
const fixed = (v, n) => (v === null ? '–'
  : new Intl.NumberFormat('en', { minimumFractionDigits: n, maximumFractionDigits: n }).format(v));
const percent = (v) => (v === null ? '–' : new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 }).format(v));

const models = Object.keys(truth);

// Texts that overlap in a chart or leave it, cards that overlap.
const flaws = (page) => page.evaluate(() => {
  const found = [];
  const apart = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
  const within = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
  const pairs = (list, name) => list.forEach((a, i) => list.slice(i + 1).forEach((b) => {
    if (!apart(a.box, b.box)) found.push(`${name(a)} overlaps ${name(b)}`);
  }));
  const boxed = (element) => ({ element, box: element.getBoundingClientRect() });
  const cards = [...document.querySelectorAll('.card')].map(boxed);
  pairs(cards, (c) => c.element.innerText.split('\n')[0]);
  for (const svg of document.querySelectorAll('.card svg')) {
    const frame = (getComputedStyle(svg).overflow === 'visible' ? svg.closest('.card') : svg).getBoundingClientRect();
    const lines = (t) => [...t.querySelectorAll('tspan')].length ? [...t.querySelectorAll('tspan')] : [t];
    const texts = [...svg.querySelectorAll('text')].flatMap(lines).map(boxed).filter((t) => t.box.width > 0);
    pairs(texts, (t) => t.element.textContent);
    for (const t of texts) if (!within(t.box, frame)) found.push(`${t.element.textContent} is cut`);
  }
  return found;
});

async function main() {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
  const said = [];
  const elsewhere = [];
  async function open(colorScheme, width) {
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 }, timezoneId: 'UTC' });
    page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) said.push(m.text()); });
    page.on('pageerror', (e) => said.push(e.message));
    page.on('request', (r) => { if (!r.url().startsWith(address) && !r.url().startsWith('data:')) elsewhere.push(r.url()); });
    await page.goto(address);
    await page.waitForSelector('#heat svg');
    await page.waitForSelector('#risk svg');
    await page.waitForTimeout(500);
    return page;
  }

  const page = await open('light', 1280);
  const portfolio = page.locator('select').last();
  for (const [model, there] of Object.entries(truth).reverse()) {       // the first one last, since its page is kept
    const of = models.length > 1 ? `${model}: ` : '';
    if (models.length > 1) {
      same(await page.locator('select').first().locator('option').allInnerTexts(), models, 'every model can be picked');
      await page.locator('select').first().selectOption({ label: model });
      await page.waitForTimeout(600);
    }
    const tile = (n) => page.locator('#health .big').nth(n).innerText();
    same([await tile(0), await tile(1), await tile(2), await tile(3)],
      [there.as_of, there.status, String(there.alerts.length), String(there.poor)], `${of}tiles: estimate, refresh, alerts, prices`);
    const cells = await page.locator('#heat svg g[aria-label=text] text').allTextContents();
    same([...cells].sort(), there.correlations.map((c) => fixed(c, 2)).sort(), `${of}heat map has the correlations`);
    same(await portfolio.locator('option').allInnerTexts(), there.portfolios.map((p) => p.portfolio), `${of}every portfolio can be picked`);
    for (const p of there.portfolios) {
      await portfolio.selectOption({ label: p.portfolio });
      await page.waitForTimeout(400);
      const bars = await page.locator('#risk svg g[aria-label=text] text').allTextContents();
      same(bars, [p.gross_risk, p.uncorrelated_risk, p.net_risk].map(money), `${of}risk of ${p.portfolio} is the view's`);
      const rows = await page.locator('#pairs tbody tr').evaluateAll((list) => list.map((tr) =>
        [...tr.querySelectorAll('td')].slice(1).map((td) => td.innerText)));
      same(rows.filter((r) => r.length > 1), there.pairs.filter((o) => o.portfolio === p.portfolio).map((o) => [
        o.verdict.replace('_', ' '), o.side_a, o.asset_a, o.side_b, o.asset_b, fixed(o.correlation, 2), money(o.risk_offset),
        percent(o.risk_offset_share), money(o.net_risk), fixed(o.trade_b_contracts, 1)]), `${of}pairs of ${p.portfolio} are the view's, in its order`);
    }
  }

  // The pair with the most history of trouble, or the last one: its own chart.
  const there = truth[models[0]];
  const alert = there.alerts[0];
  const wanted = there.pairs.findLast((o) => !alert || [alert.asset_y, alert.asset_x].every((a) => [o.asset_a, o.asset_b].includes(a)));
  await portfolio.selectOption({ label: wanted.portfolio });
  await page.waitForTimeout(400);
  const place = there.pairs.filter((o) => o.portfolio === wanted.portfolio).indexOf(wanted);
  await page.locator('#pairs tbody tr').nth(place).locator('input').check();
  await page.waitForTimeout(600);
  const title = await page.locator('#rolling h2').innerText();
  same(title, `${wanted.asset_a} and ${wanted.asset_b}: rolling correlation`, 'choosing a pair shows its history');
  same(await page.locator('#rolling h3').innerText(), wanted.reason, 'with the reason of its verdict');
  const labels = await page.locator('#rolling svg text').allTextContents();
  point(!alert || labels.some((t) => t.includes(`alert: ${alert.kind.replace('_', ' ')}`)), 'an alert is marked in it', labels);
  point(!alert || labels.some((t) => t.startsWith('most likely break')), 'so is the break behind it', labels);
  const path = await page.locator('#rolling svg g[aria-label=line] path').first().getAttribute('d');
  same((path.match(/[ML]/g) || []).length > 0 && path.split(/[ML,]/).length > there.series[`${wanted.asset_a}/${wanted.asset_b}`], true,
    'and every bar of it is drawn');
  same(await page.locator('#rolling svg g[aria-label=area] path').count(), 1, 'with its interval');
  const axes = await page.locator('svg').evaluateAll((list) => list.map((svg) => svg.textContent));
  point(axes.some((t) => t.includes('correlation')) && axes.some((t) => t.includes('end of the window')) &&
    axes.some((t) => t.includes(`risk (${there.currency})`)), 'axes say what they show, with units');
  point(labels.some((t) => /\d{4}$/.test(t)), 'the axis of time has years', labels);

  same(await flaws(page), [], 'light: no text overlaps another or is cut');
  await page.screenshot({ path: `${pictures}/light.png`, fullPage: true });
  await page.close();
  for (const [name, scheme, width] of [['dark', 'dark', 1280], ['wide', 'light', 1900], ['narrow', 'light', 420]]) {
    const other = await open(scheme, width);
    const over = await other.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    same(over, 0, `${name}: nothing is wider than the page`);
    const cut = await other.locator('.card').evaluateAll((list) => list.filter((c) => c.scrollWidth > c.clientWidth + 1).map((c) => c.id || c.innerText));
    same(cut, [], `${name}: nor than its card`);
    const empty = await other.locator('.card').evaluateAll((list) => list.filter((c) => c.innerText.trim() === '').length);
    same(empty, 0, `${name}: no card is empty`);
    same(await flaws(other), [], `${name}: no text overlaps another or is cut`);
    await other.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
    await other.close();
  }
  same(said, [], 'nothing in the console');
  same(elsewhere, [], 'no request to another host');
  await browser.close();
  console.log(`1..${points}`);
  process.exit(broken ? 1 : 0);
}

main().catch((error) => {
  console.log(`Bail out! ${error}`);
  process.exit(1);
});
