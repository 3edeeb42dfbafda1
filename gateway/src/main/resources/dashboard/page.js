'use strict';

const REFRESH_MILLIS = 3000;
const PATIENCE_MILLIS = 10000;
const byId = id => document.getElementById(id);
let timer;

/** @param state '' while nothing is known, else good or bad */
function say(text, state = '') {
  // Only changes are written, so that a screen reader is not told the same every few seconds.
  if (byId('status').textContent !== text) byId('status').textContent = text;
  byId('status').dataset.state = state;
}

function time(text) {
  return text ? new Date(text).toLocaleString() : '';
}

/** What comes from the API goes into the page as text, never as markup. */
function fill(table, items, cells, empty) {
  const rows = items.map(item => {
    const row = document.createElement('tr');
    for (const { text, ...attributes } of cells(item)) {
      const cell = document.createElement('td');
      cell.textContent = text ?? '';
      cell.title = text ?? '';
      for (const [name, value] of Object.entries(attributes)) cell.setAttribute(name, value);
      row.append(cell);
    }
    return row;
  });
  if (rows.length === 0) {
    const row = document.createElement('tr');
    const cell = document.createElement('td');
    cell.colSpan = 4;
    cell.className = 'none';
    cell.textContent = empty;
    row.append(cell);
    rows.push(row);
  }
  byId(table).replaceChildren(...rows);
}

function clear(empty) {
  fill('runs', [], () => [], empty);
  fill('events', [], () => [], empty);
}

const runCells = run => [
  { text: time(run.createdAt) },
  { text: `${run.workflow.namespace}/${run.workflow.name} ${run.workflow.version}` },
  { text: run.status, 'data-run': run.status },
  { text: run.id, class: 'id' }];

const eventCells = event => [
  { text: time(event.time) }, { text: event.type }, { text: event.subject }, { text: event.id, class: 'id' }];

async function load(path, key) {
  let answer;
  try {
    answer = await fetch(path, {
      headers: { Authorization: `Bearer ${key}` }, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MILLIS) });
  } catch {
    throw new Error('The gateway does not answer.');
  }
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body.items;
  const error = new Error(body.detail || body.title || `The gateway answered ${answer.status}.`);
  error.refused = answer.status === 401 || answer.status === 403;
  throw error;
}

async function refresh() {
  clearTimeout(timer);
  const key = sessionStorage.getItem('sluice-key');
  if (!key) return;
  const results = await Promise.allSettled([load('/v1/runs?limit=20', key), load('/v1/events?limit=20', key)]);
  // Another key was entered, or this one forgotten, while the answers were on their way.
  if (key !== sessionStorage.getItem('sluice-key')) return;
  const failures = results.filter(result => result.status === 'rejected').map(result => result.reason);
  if (failures.some(failure => failure.refused)) {
    sessionStorage.removeItem('sluice-key');
    clear('Enter an API key to see them.');
    say('The gateway does not accept this API key.', 'bad');
    return;
  }
  const [runs, events] = results;
  if (runs.status === 'fulfilled') fill('runs', runs.value, runCells, 'No runs yet.');
  if (events.status === 'fulfilled') fill('events', events.value, eventCells, 'No events yet.');
  if (failures.length === 0) say(`Connected; refreshed every ${REFRESH_MILLIS / 1000} seconds.`, 'good');
  else say(failures[0].message, 'bad');
  timer = setTimeout(refresh, REFRESH_MILLIS);
}

function curlLines() {
  const url = location.origin;
  return [
    '# deploy a workflow',
    `curl ${url}/v1/workflows -H "Authorization: Bearer $KEY" \\\n  -H 'Content-Type: application/yaml' --data-binary @docs/examples/hello.yaml`,
    '',
    '# run it and wait for its output',
    `curl ${url}/v1/workflows/examples/hello/runs -H "Authorization: Bearer $KEY" \\\n  -H 'Prefer: wait=10' -H 'Content-Type: application/json' -d '{"name":"Ada"}'`,
    '',
    '# make an address for GitHub webhooks',
    `curl ${url}/v1/endpoints -H "Authorization: Bearer $KEY" \\\n  -H 'Content-Type: application/json' -d '{"name":"my-repository","source":"github"}'`,
  ].join('\n');
}

byId('key-form').addEventListener('submit', event => {
  event.preventDefault();
  sessionStorage.setItem('sluice-key', byId('key').value.trim());
  byId('key').value = '';
  say('Asking …');
  refresh();
});

byId('forget').addEventListener('click', () => {
  clearTimeout(timer);
  sessionStorage.removeItem('sluice-key');
  clear('Enter an API key to see them.');
  say('Enter an API key.');
});

byId('curl').textContent = curlLines();
refresh();
