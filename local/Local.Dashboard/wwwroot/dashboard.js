// The pages are rendered by the server; this follows links without a full load, sends forms, and patches what changed.
const parser = new DOMParser();
let asked = 0;

/** Makes `to`'s children out of `from`'s, touching only nodes that differ. Children with an id or data-key keep their identity. */
export function patch(from, to) {
    if (from.hasAttribute('data-keep')) return;
    for (const { name } of [...from.attributes]) if (!to.hasAttribute(name) && !kept(from, name)) from.removeAttribute(name);
    for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value && !kept(from, name)) from.setAttribute(name, value);
    if (from.localName === 'input' && from !== document.activeElement) {
        if (from.value !== (to.getAttribute('value') ?? '')) from.value = to.getAttribute('value') ?? '';
        from.checked = to.hasAttribute('checked');
    }
    const byKey = new Map();
    for (const child of from.children) if (keyOf(child)) byKey.set(keyOf(child), child);
    let at = from.firstChild;
    for (const wanted of [...to.childNodes]) {
        const key = keyOf(wanted);
        let match = key ? byKey.get(key) : at;
        if (!key && match && keyOf(match)) match = null;
        if (match && match.nodeType === wanted.nodeType && match.nodeName === wanted.nodeName) {
            if (match === at) at = at.nextSibling; else from.insertBefore(match, at);
            if (match.nodeType === 1) patch(match, wanted); else if (match.data !== wanted.data) match.data = wanted.data;
        } else {
            from.insertBefore(document.importNode(wanted, true), at);
        }
    }
    while (at) { const next = at.nextSibling; at.remove(); at = next; }
    if (from.localName === 'select' && from !== document.activeElement) from.value = to.value;
}

const keyOf = node => node.nodeType === 1 ? node.id || node.dataset.key : null;
// Opened by hand stays open.
const kept = (node, name) => node.localName === 'details' && name === 'open';

async function load(url, { refresh = false } = {}) {
    const mine = ++asked;
    let answer;
    try {
        answer = await fetch(url, { headers: { Accept: 'text/html' } });
    } catch {
        if (!refresh) location.assign(url);
        return;
    }
    if (mine !== asked) return; // A newer one is on its way.
    if (!answer.ok && refresh) return;
    if (new URL(answer.url).pathname === '/login') return location.assign(url);
    const page = parser.parseFromString(await answer.text(), 'text/html');
    if (mine !== asked) return;
    document.title = page.title;
    for (const part of ['.side', '#main']) {
        const from = document.querySelector(part), to = page.querySelector(part);
        if (!from || !to) return location.assign(url);
        patch(from, to);
    }
    document.dispatchEvent(new CustomEvent('page', { detail: { refresh } }));
    return true;
}

const go = async (url, { replace = false } = {}) => {
    const samePage = new URL(url, location).pathname === location.pathname;
    history[replace ? 'replaceState' : 'pushState'](null, '', url);
    if (await load(url) && !samePage) { scrollTo(0, 0); document.querySelector('#main').focus({ preventScroll: true }); }
};
export const refresh = () => load(location.href, { refresh: true });

addEventListener('popstate', () => load(location.href));
document.addEventListener('refresh', () => refresh());
addEventListener('click', e => {
    const link = e.target.closest?.('a[href]');
    if (!link || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey || link.target || link.hasAttribute('download') || link.origin !== location.origin || link.hash) return;
    e.preventDefault();
    go(link.href);
});
const queryOf = form => {
    const url = new URL(form.action);
    url.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
    return url.href;
};
addEventListener('submit', async e => {
    const form = e.target;
    if (form.hasAttribute('data-plain')) return;
    e.preventDefault();
    if (form.method === 'get') return go(queryOf(form), { replace: form.hasAttribute('data-auto') });
    const question = e.submitter?.dataset.confirm;
    if (question && !confirm(question)) return;
    const button = e.submitter;
    if (button) button.disabled = true;
    try {
        const answer = await fetch(e.submitter?.hasAttribute('formaction') ? e.submitter.formAction : form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
        toast(await answer.text() || answer.statusText, !answer.ok);
    } catch {
        toast('The dashboard did not answer.', true);
    } finally {
        if (button) button.disabled = false;
        refresh();
    }
});
let typed;
addEventListener('input', e => {
    const form = e.target.form;
    if (!form?.hasAttribute('data-auto')) return;
    clearTimeout(typed);
    typed = setTimeout(() => form.requestSubmit(), e.target.matches('select, [type=checkbox]') ? 0 : 250);
});

export function toast(text, failed = false) {
    const box = Object.assign(document.createElement('div'), { className: failed ? 'toast failed' : 'toast', textContent: text });
    document.querySelector('#toasts').append(box);
    setTimeout(() => box.remove(), failed ? 10000 : 4000);
}

// Live: one stream per page that is in sight. Hidden tabs ask for nothing.
let stream, following = '', busy = false, again = false;
function follow() {
    const topics = document.hidden ? '' : [...document.querySelectorAll('[data-live]')].map(n => n.dataset.live).join(' ').trim();
    if (topics === following && (!topics || stream?.readyState < 2)) return;
    stream?.close();
    following = topics;
    if (!topics) return;
    stream = new EventSource('/live?' + topics.split(/\s+/).map(t => 'topic=' + t).join('&'));
    stream.onopen = () => offline(false);
    stream.onerror = () => offline(true);
    stream.onmessage = async () => {
        if (busy) { again = true; return; }
        busy = true;
        do { again = false; await refresh(); } while (again);
        busy = false;
    };
}
const offline = yes => { document.querySelector('.offline').hidden = !yes; if (!yes && offline.was) refresh(); offline.was = yes; };
document.addEventListener('page', follow);
document.addEventListener('visibilitychange', () => { follow(); if (!document.hidden) refresh(); });
setInterval(() => { if (stream?.readyState === 2) { following = ''; follow(); } }, 3000);

// The console: lines come finished from the server, the page keeps the newest and stays at the end unless somebody scrolled up.
let source;
function followConsole() {
    const box = document.querySelector('[data-console]');
    if (source?.from === box?.dataset.console && source?.box === box) return;
    source?.stream.close();
    source = null;
    if (!box) return;
    const lines = box.querySelector('.lines'), end = document.querySelector('[data-console-end]'), most = +box.dataset.most;
    const atEnd = () => box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    const toEnd = () => { box.scrollTop = box.scrollHeight; };
    const stream = new EventSource(box.dataset.console);
    source = { stream, box, from: box.dataset.console };
    stream.addEventListener('begin', () => { lines.replaceChildren(); offline(false); });
    stream.onerror = () => offline(true);
    stream.onmessage = e => {
        const stay = !atEnd();
        lines.insertAdjacentHTML('beforeend', e.data);
        while (lines.childElementCount > most) lines.firstElementChild.remove();
        if (stay) end.hidden = false; else toEnd();
    };
    box.onscroll = () => { end.hidden = atEnd(); };
    end.onclick = () => { toEnd(); end.hidden = true; };
    document.querySelector('[data-console-clear]').onclick = () => lines.replaceChildren();
}
document.addEventListener('page', followConsole);

// A secret is fetched when somebody asks to see it, and is never part of a page.
addEventListener('click', async e => {
    const button = e.target.closest?.('[data-reveal]');
    if (!button) return;
    const value = document.getElementById(button.getAttribute('aria-controls'));
    const show = button.getAttribute('aria-pressed') !== 'true';
    const hidden = value.dataset.hidden ??= value.textContent;
    value.textContent = show ? await (await fetch(button.dataset.reveal)).text() : hidden;
    for (const part of [value, button]) part.toggleAttribute('data-keep', show);
    button.setAttribute('aria-pressed', show);
    button.textContent = show ? 'Hide' : 'Show';
});

// Keys and theme.
addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const typing = e.target.matches?.('input, select, textarea');
    if (e.key === 'Escape') { document.querySelector('[data-close]')?.click(); if (typing) e.target.blur(); return; }
    if (typing) return;
    if (e.key === '/') { e.preventDefault(); document.querySelector('main input[type=search]')?.focus(); return; }
    if (e.key === 'D') return document.querySelector('[data-theme-switch]').click();
    document.querySelector(`[data-shortcut="${CSS.escape(e.key)}"]`)?.click();
});
addEventListener('click', e => {
    if (!e.target.closest?.('[data-theme-switch]')) return;
    const root = document.documentElement;
    const dark = root.dataset.theme === 'dark' || root.dataset.theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    document.cookie = `dashboard-theme=${root.dataset.theme};path=/;max-age=31536000;samesite=strict`;
});

follow();
followConsole();
