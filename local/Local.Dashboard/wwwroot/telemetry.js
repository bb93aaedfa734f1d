// Long tables: the server renders the rows in sight and a margin; empty rows above and below keep the scroll bar honest.
let waiting = false;
function look() {
    waiting = false;
    const table = document.querySelector('[data-virtual]');
    if (!table) return;
    const height = parseFloat(getComputedStyle(table).getPropertyValue('--row')), rows = +table.dataset.rows, first = +table.dataset.first, total = +table.dataset.total;
    const seen = Math.max(0, Math.floor(-table.tBodies[0].getBoundingClientRect().top / height)), fits = Math.ceil(innerHeight / height);
    const isEnough = seen >= first && seen + fits <= first + rows || seen < first && first === 0 || first + rows >= total && seen >= first;
    if (isEnough && !(seen === 0 && first > 0)) return;
    const from = seen + fits < rows / 2 ? 0 : Math.max(0, Math.min(total - rows, seen - Math.floor((rows - fits) / 2)));
    if (from === first) return;
    const url = new URL(location.href);
    if (from) url.searchParams.set('from', from); else url.searchParams.delete('from');
    history.replaceState(null, '', url);
    document.dispatchEvent(new Event('refresh'));
}
addEventListener('scroll', () => { if (!waiting) { waiting = true; requestAnimationFrame(look); } }, { passive: true });
document.addEventListener('page', look);
