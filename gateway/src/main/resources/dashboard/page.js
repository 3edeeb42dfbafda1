'use strict';

const REFRESH_MILLIS = 3000;
const byId = id => document.getElementById(id);
let timer;

function say(text) {
  // Only changes are written, so that a screen reader is not told the same every few seconds.
  if (byId('status').textContent !== text) byId('status').textContent = text;
}

function time(text) {
  return text ? new Date(text).toLocaleString() : '';
}

function fill(table, items, cells) {
  const rows = items.map(item => {
    const row = document.createElement('tr');
    for (const text of cells(item)) {
      const cell = document.createElement('td');
      cell.textContent = text ?? '';
      row.append(cell);
    }
    return row;
  });
  if (rows.length === 0) {
    const row = document.createElement('tr');
    const cell = document.createElement('td');
    cell.colSpan = 4;
    cell.textContent = 'Nothing to show yet.';
    row.append(cell);
    rows.push(row);
  }
  byId(table).replaceChildren(...rows);
}

async function load(path, key) {
  const answer = await fetch(path, { headers: { Authorization: `Bearer ${key}` }, cache: 'no-store' });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail || body.title || `status ${answer.status}`);
  return body.items;
}

async function refresh() {
  clearTimeout(timer);
  const key = sessionStorage.getItem('sluice-key');
  if (!key) return;
  const [runs, events] = await Promise.allSettled([load('/v1/runs?limit=20', key), load('/v1/events?limit=20', key)]);
  if (runs.status === 'fulfilled') {
    fill('runs', runs.value, run => [
      time(run.createdAt), `${run.workflow.namespace}/${run.workflow.name} ${run.workflow.version}`, run.status, run.id]);
  }
  if (events.status === 'fulfilled') {
    fill('events', events.value, event => [time(event.time), event.type, event.subject, event.id]);
  }
  const failed = [runs, events].find(result => result.status === 'rejected');
  say(failed ? `Not all can be shown: ${failed.reason.message}` : 'Everything answers.');
  timer = setTimeout(refresh, REFRESH_MILLIS);
}

function curlLines() {
  const url = location.origin;
  return [
    '# deploy a workflow',
    `curl -X POST ${url}/v1/workflows -H "Authorization: Bearer $KEY" -H 'Content-Type: application/yaml' --data-binary @workflow.yaml`,
    '',
    '# run it and wait for its output',
    `curl -X POST ${url}/v1/workflows/NAMESPACE/NAME/runs -H "Authorization: Bearer $KEY" -H 'Prefer: wait=10' -H 'Content-Type: application/json' -d '{}'`,
    '',
    '# make an address for GitHub webhooks',
    `curl -X POST ${url}/v1/endpoints -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -d '{"name":"my-repository","source":"github"}'`,
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
  fill('runs', [], () => []);
  fill('events', [], () => []);
  say('Enter an API key.');
});

byId('curl').textContent = curlLines();
refresh();
