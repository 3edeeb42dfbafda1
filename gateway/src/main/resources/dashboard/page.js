'use strict';

const REFRESH_MILLIS = 3000;
const PATIENCE_MILLIS = 10000;
const byId = id => document.getElementById(id);
/** In place of a key, for whoever has logged in. */
const COOKIE = 'cookie';
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
      headers: key === COOKIE ? {} : { Authorization: `Bearer ${key}` }, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MILLIS) });
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
    say(key === COOKIE ? 'You are not logged in any more.' : 'The gateway does not accept this API key.', 'bad');
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

async function send(path, body) {
  const answer = await fetch(path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), cache: 'no-store',
    signal: AbortSignal.timeout(PATIENCE_MILLIS) });
  const json = await answer.json().catch(() => ({}));
  if (answer.ok) return json;
  const error = new Error(json.detail || `The gateway answered ${answer.status}.`);
  error.type = json.type;
  throw error;
}

/** What a link, or a provider, has brought somebody here with; the address forgets it at once. */
function arrival() {
  const parts = new URLSearchParams(location.hash.slice(1));
  if (parts.has('login') || parts.has('invitation')) history.replaceState(null, '', location.pathname);
  return { login: parts.get('login'), email: parts.get('for'), invitation: parts.get('invitation'), code: parts.has('code') };
}

const arrived = arrival();

/** From a provider, whose token is nothing without the code that only this person's app shows. */
const byProvider = arrived.code && !arrived.email;

/** A field is shown to whom it is for. */
const wanted = {
  code: () => arrived.code,
  address: () => arrived.login && !arrived.email && !byProvider,
  invitation: () => arrived.invitation,
};

/**
 * A button has to be pressed, since whoever scans mail may open what is in it. It says whom the link is for, which the gateway holds it to:
 * a link of somebody else's account would have one work in that unawares.
 */
function showLogin() {
  if (!arrived.login && !arrived.invitation) return;
  byId('login-text').textContent = arrived.login ? `Log in${arrived.email ? ` as ${arrived.email}` : ''} by the link that you followed.` : 'Accept the invitation with a name and a password.';
  for (const field of document.querySelectorAll('#login-form [data-for]')) {
    field.hidden = !wanted[field.dataset.for]();
  }
  byId('login-form').hidden = false;
}

function enter() {
  sessionStorage.setItem('sluice-key', COOKIE);
  byId('login-form').hidden = true;
  byId('ways-form').hidden = true;
  say('Logged in.', 'good');
  refresh();
}

byId('login-form').addEventListener('submit', async event => {
  event.preventDefault();
  try {
    if (arrived.login) {
      const code = byId('code').value.trim();
      const email = arrived.email || byId('address').value.trim();
      if (byProvider ? !code : !email) throw new Error(byProvider ? 'The code is missing.' : 'Your email address is missing.');
      await send('/v1/sessions', { login: arrived.login, ...(email && { email }), ...(code && { code }) });
      enter();
    } else {
      const password = byId('password').value;
      const member = await send('/v1/invitations:accept', { token: arrived.invitation, name: byId('name').value.trim(), password });
      await send('/v1/sessions', { email: member.email, password });
      enter();
    }
  } catch (error) {
    if (error.type === 'urn:sluice:problem:second-factor-required') {
      arrived.code = true;
      showLogin();
    }
    say(error.message, 'bad');
  }
});

/** Buttons for the providers; they accept the invitation too that somebody has come with. */
async function showWays() {
  const { items } = await (await fetch('/v1/login-providers', { cache: 'no-store' })).json();
  byId('ways').replaceChildren(...items.map(({ id, name }) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = name;
    button.addEventListener('click', async () => {
      try {
        const { url } = await send(`/v1/login-providers/${id}:begin`, arrived.invitation ? { invitation: arrived.invitation } : {});
        location.assign(url);
      } catch (error) {
        say(error.message, 'bad');
      }
    });
    return button;
  }));
  byId('ways-form').hidden = items.length === 0;
}

/** Who comes back from a provider has a session in a cookie that no script can see. */
async function begin() {
  showLogin();
  if (sessionStorage.getItem('sluice-key')) return refresh();
  const session = await fetch('/v1/session', { cache: 'no-store' });
  return session.ok ? enter() : showWays();
}

byId('forget').addEventListener('click', () => {
  if (sessionStorage.getItem('sluice-key') === COOKIE) fetch('/v1/session', { method: 'DELETE' }).catch(() => {});
  clearTimeout(timer);
  sessionStorage.removeItem('sluice-key');
  clear('Enter an API key to see them.');
  say('Enter an API key.');
});

byId('curl').textContent = curlLines();
begin().catch(() => say('The gateway does not answer.', 'bad'));
