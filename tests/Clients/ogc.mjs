// Reads the service as OGC API – Features with a client that others wrote (@camptocamp/ogc-client), and prints what it found as JSON.
import { OgcApiEndpoint } from '@camptocamp/ogc-client';

const endpoint = new OgcApiEndpoint(process.argv[2]);
const roads = await endpoint.getCollectionInfo('roads');
const ids = (features) => features.map((feature) => feature.id);
const pages = [];
for (let offset = 0, page; (page = ids(await endpoint.getCollectionItems('roads', 100, offset))).length > 0; offset += page.length) pages.push(...page);

console.log(JSON.stringify({
  title: (await endpoint.info).title,
  collections: await endpoint.featureCollections,
  vectorTiles: await endpoint.vectorTileCollections,
  types: Object.fromEntries(roads.queryables.map((q) => [q.name, q.type])),
  box: roads.extent.spatial.bbox[0],
  pages,
  near: ids(await endpoint.getCollectionItems('roads', 1000, 0, undefined, ['-lengthMetres'], [121, 31.2, 121.2, 31.4], ['id', 'lengthMetres'])),
  then: ids(await endpoint.getCollectionItems('links', 1000, 0, undefined, undefined, undefined, undefined, new Date('2018-06-29T00:00:00Z'))),
  one: (await endpoint.getCollectionItem('links', 's1-m11')).properties.nameZh,
  file: roads.bulkDownloadLinks['application/geopackage+sqlite3'],
}));
