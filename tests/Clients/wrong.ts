import { FetchClient } from "@odata2ts/http-client-fetch";
import { JietongService } from "./obj/jietong/JietongService";

/** Never run. Each line below is wrong, and the compiler must say so: it fails where the error that it is told to expect does not come. */
const service = new JietongService(new FetchClient(), "");

export async function wrong() {
    // @ts-expect-error  no such property
    await service.Links().query(b => b.select("namezh"));
    // @ts-expect-error  no such property to filter by
    await service.Links().query((b, q) => b.filter(q.status.eq("open")));
    // @ts-expect-error  a number is no text
    await service.Links().query((b, q) => b.filter(q.evidenceAgeDays.gt("old")));
    // @ts-expect-error  a truth is no text
    await service.Links().query((b, q) => b.filter(q.broken.eq("yes")));
    // @ts-expect-error  no such relation
    await service.Links().query(b => b.expand("Evidence"));
    // @ts-expect-error  no such property behind a relation
    await service.Links().query(b => b.expanding("Attestations", a => a.select("nameZh")));
    // @ts-expect-error  no such set
    service.Roadworks();
    // @ts-expect-error  a day is needed
    await service.Broken({});
    // @ts-expect-error  a mode is needed
    await service.Gains({ asOf: "2018-06-29" });
    // @ts-expect-error  the day's name is asOf
    await service.Links().AsOf({ day: "2018-06-29" });
    const { data } = await service.Links("s1-m11").query();
    // @ts-expect-error  it may be null
    data.heldFrom.length;
    // @ts-expect-error  the members of a reference are list and item
    data.references[0].number;
}
