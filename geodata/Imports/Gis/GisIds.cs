namespace Jietong.Geodata.Imports.Gis;

/// <summary>By what a row is known again in a newer file: its own id, else a column named for it that every row fills, else its number.</summary>
internal static class GisIds
{
    private static readonly string[] Columns = ["id", "ID", "Id", "编号", "序号", "fid", "FID", "gid", "GID", "objectid", "OBJECTID", "osm_id"];

    public static async Task Choose(ImportContext context, string word)
    {
        var (connection, cancel) = (context.Connection, context.Cancel);
        var (all, own) = (await Database.Scalar<long>(connection, "select count(*) from brought", cancel), await Database.Scalar<long>(connection, "select count(id) from brought", cancel));
        if (own > 0 && own < all)
        {
            await GisReader.Tell(context, word, "id", "select n, null from brought where id is null order by n limit 1000", "has no id, though others have one.", "Give every feature an id, or none.");
            return;
        }
        string? by = own > 0 ? "id" : null;
        if (by is null)
        {
            by = await Database.Scalar<string>(connection, $"""
                select c from unnest($1) with ordinality names(c, rank)
                where not exists (select from brought where coalesce(properties ->> c, '') = '' or length(properties ->> c) > 200) order by rank limit 1
                """, cancel, (object)Columns);
            // A column of ordinal numbers may repeat by sheet or by tile; the first names are meant as ids, the others count only where they tell rows apart.
            if (by is not null && by is not ("id" or "ID" or "Id" or "编号") && await Database.Scalar<bool>(connection, "select count(distinct properties ->> $1) < count(*) from brought", cancel, by)) by = null;
            await Database.Execute(connection, by is null ? "update brought set id = n::text" : "update brought set id = properties ->> $1", cancel, by is null ? [] : [by]);
        }
        context.Found["id"] = by is null ? "row number" : own > 0 ? "the feature's id" : $"column {by}";
        if (by is null && context.File.Format.Name != "GeoPackage")   // which keeps its rows' own numbers
            context.Notes.Add(new("要素没有编号，以行号识别：较新的文件若在前面增删一行，其后各行都成为另外的要素。加一列 编号 或 id，便可按编号更新。",
                "Features have no ids and are known by the numbers of their rows: in a newer file, a row put in or taken out changes all that follow. With a column id they are updated one by one."));
        await GisReader.Tell(context, word, by ?? "id", "select max(n), id from brought group by id having count(*) > 1 order by 1 limit 1000", "has an id that another one has too.", "Give each an id of its own.");
    }
}
