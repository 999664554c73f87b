import { FetchClient } from "@odata2ts/http-client-fetch";
import { asSql, check, equal, holds, root } from "./check";
import { JietongService } from "./obj/jietong/JietongService";

/** Asks by the classes that odata2ts generated from our metadata: names and types are those the service declares. */
const client = new FetchClient();
const service = new JietongService(client, root);
const then = { params: { asOf: "2026-11-22", knownBy: "2026-11-22" } };
const ids = (answer: { data: { value: { id: string }[] } }) => answer.data.value.map(row => row.id);

async function main() {
    await asSql("typed: state and Chinese text, ordered", async () => ids(await service.Links().query((b, q) =>
        b.select("id", "nameZh").filter(q.state.eq("open"), q.nameZh.contains("公路")).orderBy(q.nameEn.desc(), q.id.asc()), then)));
    await asSql("typed: days and numbers", async () => ids(await service.Links().query((b, q) =>
        b.filter(q.since.ge("2018-01-01"), q.since.lt("2024-01-01"), q.evidenceAgeDays.gt(1000)).orderBy(q.id.asc()), then)));
    await asSql("typed: any of the related rows", async () => ids(await service.Links().query((b, q) =>
        b.filter(q.Attestations.any(a => a.stage.eq("open").and(a.basis.eq("stated")))).orderBy(q.id.asc()), then)));
    await asSql("typed: any of a list of objects", async () => ids(await service.Links().query((b, q) =>
        b.filter(q.references.any(r => r.list.eq("annex3-2018").and(r.item.le(3)))).orderBy(q.id.asc()), then)));
    await asSql("typed: a related row's value", async () => ids(await service.Attestations().query((b, q) =>
        b.filter(q.Link.props.kind.eq("metro"), q.grade.eq("GOV")).orderBy(q.id.asc()), { params: { knownBy: "2026-11-22" } })));
    await asSql("typed: Broken(asOf, knownBy)", async () => ids(await service.Broken({ asOf: "2023-12-03", knownBy: "2023-11-30" })).sort());
    await asSql("typed: Links/AsOf(asOf)", async () => ids(await service.Links().AsOf({ asOf: "2018-06-29" })).sort());

    await check("typed: what may be left out of a function may also be null", async () =>
        equal(ids(await service.Broken({ asOf: "2018-06-29", knownBy: null })), ids(await service.Broken({ asOf: "2018-06-29" }))));

    await check("typed: top and count", async () => {
        const { data } = await service.Links().query((b, q) => b.select("id").count().top(3).orderBy(q.id.asc()));
        equal(data.value.length, 3);
        holds(Number(data["@odata.count"]) > 50, String(data["@odata.count"]));
    });

    await check("typed: by key, with related rows chosen, filtered, ordered and cut", async () => {
        const { data: link } = await service.Links("s1-m11").query((b, q) => b.select("id", "nameZh", "otherNames")
            .expanding("Attestations", (a, e) => a.select("stage", "heldFrom").filter(e.stage.ne("open")).orderBy(e.heldFrom.desc()).top(2))
            .expanding("Source", s => s.select("title")));
        equal(link.nameZh, "苏州市域轨道交通S1线—上海M11线花桥站");
        holds(Array.isArray(link.otherNames));
        equal(link.Attestations?.length, 2);
        const [newer, older] = link.Attestations!;
        holds(newer.heldFrom >= older.heldFrom && newer.stage !== "open", JSON.stringify(link.Attestations));
        equal(Object.keys(newer), ["stage", "heldFrom"]);
        holds(link.Source!.title.length > 0);
    });

    await check("typed: the rows behind a relation", async () => {
        const { data } = await service.Links("s1-m11").Sides().query((b, q) => b.select("side", "townZh").orderBy(q.side.asc()));
        equal(data.value.map(s => s.side), ["a", "b"]);
        equal((await service.LinkSides("s1-m11-a").Link().query(b => b.select("id"))).data.id, "s1-m11");
    });

    await check("typed: a geometry is GeoJSON", async () => {
        const { data } = await service.Links("yanhu-shengli").query(b => b.select("geometry"));
        const geometry = data.geometry as unknown as { type: string; coordinates: number[][][] };   // the generator takes Edm.Geography for a text
        equal(geometry.type, "MultiLineString");
        const [east, north] = geometry.coordinates[0][0];
        holds(east > 120 && east < 122 && north > 30 && north < 32, `${east} ${north}`);
    });

    await check("typed: gains by mode, with their pairs' routes", async () => {
        const { data } = await service.Gains({ asOf: "2018-06-29", mode: "transit" });
        const gain = data.value.find(g => g.linkId === "s1-m11")!;
        holds(gain.evaluated && gain.gainMinutes! > 0, JSON.stringify(gain));
        const { data: pairs } = await service.LinkGains(gain.id).Pairs().query((b, q) => b.top(1).orderBy(q.rank.asc()), { params: { asOf: "2018-06-29" } });
        const [pair] = pairs.value;
        holds(pair.minutesAfter! < pair.minutesBefore! && pair.routeAfter.length > 0, JSON.stringify(pair));
        equal(typeof pair.routeAfter[0].minutes, "number");
    });

    await check("typed: pages by @odata.nextLink", async () => {
        const all = ids(await service.Attestations().query((b, q) => b.select("id").orderBy(q.stage.asc(), q.id.asc())));
        let page: { value: { id: string }[]; "@odata.nextLink"?: string } = (await service.Attestations().query((b, q) =>
            b.select("id").orderBy(q.stage.asc(), q.id.asc()), { headers: { Prefer: "odata.maxpagesize=50" } })).data;
        const seen = page.value;
        for (let pages = 1; page["@odata.nextLink"]; pages++) {
            holds(page.value.length === 50 && pages < 10, `${page.value.length} rows on page ${pages}`);
            page = (await client.get<typeof page>(page["@odata.nextLink"], { headers: { Prefer: "odata.maxpagesize=50" } })).data;
            seen.push(...page.value);
        }
        holds(all.length > 150, String(all.length));
        equal(seen.map(row => row.id), all);
    });

    await check("typed: an error tells its cause to the client", async () => {
        const error = await service.Links("nothing").query().then(() => null, e => e);
        equal(error?.status, 404);
        holds(/nothing/.test(error.message), error.message);
    });
}

void main();
