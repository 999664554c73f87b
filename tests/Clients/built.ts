import buildQuery, { alias, raw } from "odata-query";
import { asSql, check, equal, holds, root } from "./check";

/** Addresses by odata-query, which knows nothing of the service; asked by fetch alone. */
interface Rows { value: { id: string; [property: string]: any }[]; "@odata.count"?: number }

async function get<T = Rows>(path: string): Promise<T> {
    const response = await fetch(`${root}/${path}`);
    const body = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${body}`);
    return JSON.parse(body);
}

const ids = (rows: Rows) => rows.value.map(row => row.id);
const links = async (options: Parameters<typeof buildQuery>[0]) => ids(await get("Links" + buildQuery({ select: "id", orderBy: "id", ...options }) + "&asOf=2026-11-22&knownBy=2026-11-22"));

async function main() {
    await asSql("built: Chinese text", () => links({ filter: { nameZh: { contains: "花桥" } } }));
    await asSql("built: Chinese quotes, brackets and dashes", () => links({ filter: { or: [{ nameZh: { contains: "“双环”" } }, { nameZh: { eq: "兴豪路（亭枫公路—浙江省界）" } }] } }));
    await asSql("built: a text with an apostrophe", () => links({ filter: { nameEn: { contains: "Bao'an " } } }));
    await asSql("built: and, or, not, in", () => links({ filter: { and: [{ kind: { in: ["metro", "rail"] } }, { not: [{ state: "open" }] }, { or: [{ nature: "bottleneck" }, { Attestations: { any: { stage: "under_construction" } } }] }] } }));
    await asSql("built: days", () => links({ filter: { since: { ge: raw("2018-06-29"), lt: raw("2023-01-01") } } }));
    await asSql("built: nothing there", () => links({ filter: { laterEvidence: null, accuracyKind: { ne: null } } }));
    await asSql("built: any", () => links({ filter: { Attestations: { any: { stage: "open", basis: { ne: "inferred" } } } } }));
    await asSql("built: all", () => links({ filter: { Sides: { all: { adcode: { startswith: "3205" } } } } }));
    await asSql("built: any of plain texts", () => links({ filter: { otherNames: { any: { "": "沪苏嘉城际铁路上海段" } } } }));
    await asSql("built: a path to one related row", () => links({ filter: { "Source/grade": "STATE" } }));
    await asSql("built: functions of text and days", () => links({ filter: { "length(nameZh)": { gt: 12 }, "year(statedOn)": { ge: 2023 } } }));
    await asSql("built: order, top and skip", () => links({ orderBy: ["state desc", "evidenceAgeDays", "id"], top: 7, skip: 5 }));
    await asSql("built: a function of a set", async () => ids(await get("Links" + buildQuery({ func: { AsOf: { asOf: raw("2018-06-29"), knownBy: raw("2020-01-01") } }, select: ["id"], orderBy: "id", filter: { broken: true } }))));
    await asSql("built: values by aliases", async () => {
        const [day, kind] = [alias("day", raw("2018-06-29") as any), alias("kind", "road" as any)];
        return ids(await get("Links" + buildQuery({ func: { AsOf: { asOf: day, knownBy: raw("2020-01-01") } }, filter: { or: [{ nameZh: { contains: "'@day" } }, { kind: { eq: kind } }] }, orderBy: "id" })));
    });

    await check("built: search", async () => {
        const found = await get("Links" + buildQuery({ search: "花桥", select: ["id", "nameZh"] }));
        holds(found.value.some(l => l.id === "s1-m11"), JSON.stringify(found));
        const phrase = await get("Links" + buildQuery({ search: "\"上海M11线\" AND NOT 淀山湖", select: ["id"] }));
        equal(ids(phrase), ["s1-m11"]);
    });

    await check("built: a key, with expand in expand, each with filter, order and top", async () => {
        const link = await get<any>("Links" + buildQuery({
            key: "s1-m11", select: ["id"],
            expand: {
                Attestations: { select: ["id", "stage", "statedOn"], filter: { statedOn: { ge: raw("2018-01-01") } }, orderBy: "statedOn desc", top: 3, expand: { Source: { select: ["id", "title"] } } },
                Sides: { orderBy: "side", expand: { Jurisdiction: { select: ["nameZh"] } } },
            },
        }));
        equal(link.Attestations.length, 3);
        holds(link.Attestations.every((a: any) => a.statedOn >= "2018-01-01" && a.Source.title), JSON.stringify(link.Attestations));
        equal(link.Sides.map((s: any) => s.Jurisdiction.nameZh), ["昆山市", "嘉定区"]);
    });

    await check("built: count with and without rows", async () => {
        const rows = await get("Links" + buildQuery({ count: true, top: 1, filter: { kind: "road" } }));
        equal(rows["@odata.count"], await get<number>("Links" + buildQuery({ count: { kind: "road" } })));
        equal(rows.value.length, 1);
    });
}

void main();
