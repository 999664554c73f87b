import { deepStrictEqual as equal, ok as holds } from "node:assert";

export { equal, holds };

/** The address of the service, and what SQL answers, by the name of the check. */
export const root = process.argv[2];
const answers: Record<string, string[]> = JSON.parse(process.env.ANSWERS ?? "{}");

/** One check, one line; a failed one says why, and the others still run. */
export async function check(name: string, ask: () => Promise<void>) {
    try {
        await ask();
        console.log(`ok   ${name}`);
    } catch (error) {
        process.exitCode = 1;
        console.log(`FAIL ${name}\n${error instanceof Error ? error.message : error}`);
    }
}

/** A check whose rows are those of a hand-written query. */
export const asSql = (name: string, ask: () => Promise<string[]>) => check(name, async () => equal(await ask(), answers[name]));
