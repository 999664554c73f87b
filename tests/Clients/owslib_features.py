"""Reads the service as OGC API – Features with OWSLib, and prints what it found as JSON."""
import json
import sys

from owslib.ogcapi.features import Features

service = Features(sys.argv[1])


def ids(page):
    return [feature["id"] for feature in page["features"]]


print(json.dumps({
    "title": service.response["title"],
    "definition": service.api()["openapi"],
    "conformance": service.conformance()["conformsTo"],
    "collections": service.feature_collections(),
    "queryables": sorted(service.collection_queryables("roads")["properties"]),
    "near": ids(service.collection_items("roads", bbox=[121, 31.2, 121.2, 31.4], limit=1000)),
    "filtered": ids(service.collection_items("roads", filter="lengthMetres > 5000 AND class = 'motorway' AND S_INTERSECTS(geometry, BBOX(121,31,122,32))", limit=1000)),
    "second": ids(service.collection_items("roads", limit=10, offset=10)),
    "then": ids(service.collection_items("links", datetime="2018-06-29", limit=1000)),
    "one": service.collection_item("links", "s1-m11")["properties"]["nameZh"],
}, ensure_ascii=False))
