// Draws the map into every element with data-jietong-map: the address of the service, or a root of a day below it (…/asof/2018-06-29).
// data-collections="links,roads" chooses layers; data-day fixes the day; data-filter shows only some features; data-bounds="west,south,east,north" is the view; data-areas is
// the address of areas by minutes, which lie under all else.
import { Map, NavigationControl, ScaleControl, Popup } from './maplibre-gl.mjs';

const element = (name, text, attributes = {}) => Object.assign(document.createElement(name), attributes, { textContent: text });
const both = (zh, en) => { const span = element('span', zh + ' '); span.append(element('small', en)); return span; };
const json = async address => { const answer = await fetch(address, { headers: { Accept: 'application/json, application/geo+json' } }); if (!answer.ok) throw new Error(`${address}: ${answer.status}`); return answer.json(); };

function draw(box) {
  const { jietongMap: root, collections, day, filter, bounds, areas } = box.dataset;
  const asked = new URLSearchParams(location.search);
  if (areas) for (const name of [...asked.keys()]) if (name !== 'asOf' && name !== 'knownBy') asked.delete(name);   // the rest asks for the areas
  for (const name of ['f', 'limit', 'after', 'sortby', 'crs', 'properties']) asked.delete(name);   // of pages of items, not of tiles
  if (filter) asked.set('filter', filter);
  if (collections) asked.set('collections', collections);
  const query = () => asked.size ? `?${asked}` : '';
  const map = new Map({ container: box, style: `${root}/styles/status${query()}`, hash: !collections, ...(bounds && { bounds: bounds.split(',').map(Number), fitBoundsOptions: { padding: areas ? { top: 30, right: 60, bottom: 40, left: 270 } : 40, maxZoom: 13 } }), attributionControl: { compact: false } });
  map.addControl(new NavigationControl({ showCompass: false }));
  map.addControl(new ScaleControl());
  const panel = element('div', '', { className: 'panel' });
  box.append(panel);
  map.once('style.load', () => legend(panel, map.getStyle().metadata));
  if (areas) map.once('style.load', () => json(areas).then(found => under(map, panel, found)).catch(error => panel.append(element('p', error.message))));
  if (!day && !areas) panel.append(picker(asked, () => map.setStyle(`${root}/styles/status${query()}`, { diff: false })));
  else if (day) panel.append(both(day, 'as of'));
  const layers = () => ['links', 'link-lines', 'link-lines-dashed', 'link-lines-dotted'].filter(id => map.getLayer(id));
  map.on('mousemove', e => { map.getCanvas().style.cursor = map.queryRenderedFeatures(e.point, { layers: layers() }).length ? 'pointer' : ''; });
  map.on('click', e => {
    const [feature] = map.queryRenderedFeatures(e.point, { layers: layers() });
    if (feature) evidence(map, root, asked, feature, e.lngLat);
  });
  box.map = map;   // for whoever adds to it
}

function picker(asked, changed) {
  const label = both('基准日', 'as of');
  const input = element('input', '', { type: 'date', value: asked.get('asOf') ?? '', ariaLabel: '基准日 as of' });
  input.addEventListener('change', () => {
    if (input.value) asked.set('asOf', input.value); else asked.delete('asOf');
    history.replaceState(null, '', `${location.pathname}${asked.size ? `?${asked}` : ''}${location.hash}`);
    changed();
  });
  label.append(input);
  return label;
}

function legend(panel, metadata) {
  const list = element('ul', '');
  for (const { zh, en, color } of metadata['jietong:states']) list.append(sign('', color, zh, en));
  for (const { sign: text, zh, en } of metadata['jietong:natures']) list.append(sign(text, '#55606c', zh, en));
  const ring = sign('', 'transparent', '圆：位置必在其中', 'circle: surely holds the position');
  ring.firstChild.className = 'ring';
  list.append(ring);
  panel.append(list);
}

/** Areas by minutes, the narrowest darkest; where links are opened or closed, the network without that as outlines. */
function under(map, panel, areas) {
  const patched = areas.features.some(f => f.properties.network === 'patched'), first = map.getStyle().layers.find(l => l.type !== 'background')?.id;
  const minutes = [...new Set(areas.features.map(f => f.properties.minutes))].sort((a, b) => a - b), shades = ['#08519c', '#3182bd', '#6baed6', '#9ecae1', '#bdd7e7', '#d3e4f1', '#e3eef7', '#f0f6fb'];
  const shade = i => shades[Math.round(i * (minutes.length > 4 ? 1 : 4 / minutes.length))], color = ['match', ['get', 'minutes'], ...minutes.flatMap((m, i) => [m, shade(i)]), '#fff'];
  // simplified more, narrow strips would cross themselves and holes be filled
  map.addSource('areas', { type: 'geojson', data: areas, tolerance: 0.05 });
  map.addLayer({ id: 'areas', type: 'fill', source: 'areas', filter: ['==', ['get', 'network'], patched ? 'patched' : 'base'], paint: { 'fill-color': color, 'fill-opacity': 0.75 } }, first);
  if (patched) map.addLayer({ id: 'areas-before', type: 'line', source: 'areas', filter: ['==', ['get', 'network'], 'base'], paint: { 'line-color': '#1c2530', 'line-width': 0.6, 'line-opacity': 0.7 } }, first);
  const list = element('ul', '');
  minutes.forEach((m, i) => list.append(sign('', shade(i), `${m} 分内`, `within ${m} min`)));
  if (patched) list.append(sign('', 'transparent', '线：接通或断开之前', 'outline: before'));
  panel.append(list);
}

function sign(text, color, zh, en) {
  const item = element('li', ''), dot = element('i', text);
  dot.style.background = color;
  item.append(dot, both(zh, en));
  return item;
}

/** What decides the state: the source's words first, then where to read all of them. */
async function evidence(map, root, asked, feature, at) {
  const { id } = feature.properties, days = new URLSearchParams([...asked].filter(([name]) => name === 'asOf' || name === 'knownBy'));
  const content = element('div', '');
  const popup = new Popup({ maxWidth: '320px' }).setLngLat(at).setDOMContent(content).addTo(map);
  content.append(both(feature.properties.nameZh, feature.properties.nameEn));
  try {
    const { properties: link } = await json(`${root}/collections/links/items/${encodeURIComponent(id)}?${days}`);
    const { properties: source } = await json(`${root}/collections/sources/items/${encodeURIComponent(link.source)}`);
    const states = map.getStyle().metadata['jietong:states'], state = states.find(s => s.state === link.state);
    const line = (zh, en, value) => { if (value === null || value === undefined) return; const row = element('p', ''); row.append(both(zh, en), value instanceof Node ? value : String(value)); content.append(row); };
    line('状态', 'state', both(state.zh, state.en));
    line('始见', 'since', link.since);
    line('阶段', 'stage', link.stage);
    line('来源日期', 'stated on', link.statedOn);
    line('误差', 'within', `${link.accuracyMetres} m`);
    line('证据', 'evidence', source.url && /^https?:/.test(source.url) ? element('a', source.title, { href: source.url, target: '_blank', rel: 'noopener' }) : source.title);
    line('全部', 'all', element('a', 'GeoJSON', { href: `${root}/collections/links/items/${encodeURIComponent(id)}?${days}`, target: '_blank' }));
  } catch (error) { content.append(element('p', String(error.message))); }
  popup.setDOMContent(content);
}

for (const box of document.querySelectorAll('[data-jietong-map]')) draw(box);
