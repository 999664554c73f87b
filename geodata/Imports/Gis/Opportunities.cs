namespace Jietong.Geodata.Imports.Gis;

/// <summary>Cells, points or areas with counts of people, jobs, schools …: columns that are called so, and others that hold numbers throughout.</summary>
internal static class Opportunities
{
    /// <summary>Numbers that name or place something and count nothing.</summary>
    private const string Codes = "^(.*[_ ])?(id|fid|gid|code|adcode|year|month|date|zip|zipcode|postcode|postal_code|phone|tel)$|^(objectid|globalid|shape)([_ ].*)?$|^(row|col|x|y|lon|lat|lng|long|longitude|latitude|经度|纬度)$|(编号|序号|代码|编码|邮编|年份|年度|月份|日期|电话)$";

    /// <summary>Names that say that people, jobs, schools … are counted, with what usually stands before and behind them.</summary>
    private const string Counting = "^((total|num|number|no|n|count)[_ ])?(of[_ ])?(population|pop|people|residents?|inhabitants|households|jobs?|employment|employees|workers|students|pupils|enrol?lments?|beds|doctors|teachers|schools|hospitals|clinics|healthcare)([_ ](total|count|num|number))?([_ ]?[0-9]{4})?$"
        + "|^([0-9]{4}年)?(常住|户籍|居住|现状|总|在校|在读|就业|工作)?(人口|人数|户数|居民|岗位|就业|职工|从业人员|劳动力|学生|学位|床位|医生|教师|学校|医院|医疗|医疗机构)(总?数量?|总量|人数|岗位数?)?([_ ]?[0-9]{4}年?)?([(（].*[)）])?$";

    /// <summary>Of these the ones under which a place's own name may stand as well.</summary>
    private const string Places = "^(schools|hospitals|clinics|healthcare|学校|医院|医疗|医疗机构)$";

    /// <param name="Name">The column's.</param>
    /// <param name="WhyNot">Why it is no column of counts; null where it is one.</param>
    /// <param name="Grouped">A value of it that has separators of thousands.</param>
    private sealed record Column(string Name, ImportNote? WhyNot, string? Grouped);

    public static async Task Stage(ImportContext context, string word)
    {
        var (connection, cancel) = (context.Connection, context.Cancel);
        await GisReader.Tell(context, word, "geometry", "select n, null from brought where geom is null order by n limit 1000", "has no position.", "Give it a point or an area, or take it out.");
        await GisReader.Tell(context, word, "geometry", "select n, ST_IsValidReason(geom) from brought where geom is not null and GeometryType(geom) like '%POLYGON' and not ST_IsValid(geom) order by n limit 1000", "is no valid area.", "Mend it, in QGIS by Vector, Geometry Tools, Fix Geometries.");
        // 1,200 is 1200: a decimal comma has not just three digits behind each comma and a digit other than 0 before the first.
        const string cells = """
            create temp table cell on commit drop as
            select n, key, value, case when is_number or value ~ '^[-+]?([0-9]{1,200}(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,2})?$' then value::numeric
              when value ~ '^[-+]?[1-9][0-9]{0,2}([,，][0-9]{3})+(\.[0-9]*)?$' then translate(value, ',，', '')::numeric end as number
            from (select n, key, btrim(value #>> '{}') as value, jsonb_typeof(value) = 'number' as is_number from brought, jsonb_each(properties) where jsonb_typeof(value) in ('number', 'string')) c where value <> ''
            """;
        await Database.Execute(connection, cells, cancel);
        var columns = await Columns(context, word);
        var (counts, left) = (columns.Where(c => c.WhyNot is null).ToList(), columns.Where(c => c.WhyNot is not null).GroupBy(c => c.WhyNot!, c => c.Name).ToList());
        var (leftZh, leftEn) = (string.Join("；", left.Select(g => $"{string.Join("、", g)}：{g.Key.Zh}")), string.Join("; ", left.Select(g => $"{string.Join(", ", g)}: {g.Key.En}")));
        var names = counts.Select(c => c.Name).ToArray();
        if (counts.Count == 0) context.Problems.Add(context.File.Name, "", "", null, $"has no column of numbers to count{(left.Count == 0 ? "" : $" ({InputException.Short(leftEn, 400)})")}.", "Give it columns such as 人口 population or 岗位 jobs.");
        const string wayOut = "Write a number of 0 or more, or leave it empty; where the column counts nothing, name it otherwise.";
        foreach (var name in names)
        {
            await GisReader.Tell(context, word, name, "select n, left(value, 80) from cell where key = $1 and number is null order by n limit 1000", "is no number.", wayOut, name);
            await GisReader.Tell(context, word, name, "select n, left(value, 80) from cell where key = $1 and number < 0 order by n limit 1000", "is less than nothing: a count is 0 or more.", wayOut, name);
        }
        if (context.Problems.Count > 0) return;
        if (left.Count > 0) context.Notes.Add(new($"未计的列：{leftZh}。", $"Columns that are not counted: {leftEn}."));
        foreach (var column in counts.Where(c => c.Grouped is not null)) context.Notes.Add(new($"{column.Name} 中的逗号读作千分位：“{column.Grouped}”即 {column.Grouped!.Replace(",", "", StringComparison.Ordinal).Replace("，", "", StringComparison.Ordinal)}。", $"Commas in {column.Name} are read as separators of thousands, as in \"{column.Grouped}\"."));
        await context.Staging.Select("opportunity", ["id", "geom", "counts"],
            "select b.id, b.geom, coalesce((select jsonb_object_agg(c.key, c.number) from cell c where c.n = b.n and c.key = any ($2)), '{}') from brought b", (object)names);
        context.Figures["counts"] = names;
        await Database.Execute(connection, "drop table cell", cancel);
    }

    /// <summary>Those that hold a number, or should by their name.</summary>
    private static async Task<List<Column>> Columns(ImportContext context, string word)
    {
        const string sql = """
            select key, key ~* $1 as is_code, key ~* $2 as is_counting, (array_agg(left(value, 40) order by n) filter (where number is null or number < 0))[1], min(n) filter (where number is null or number < 0),
              min(value) filter (where number is not null and value ~ '[,，]')
            from cell group by key having count(number) > 0 or key ~* $2 and key !~* $3 order by key
            """;
        var columns = new List<Column>();
        await using var command = Database.Command(context.Connection, sql, [Codes, Counting, Places]);
        await using var rows = await command.ExecuteReaderAsync(context.Cancel);
        while (await rows.ReadAsync(context.Cancel))
        {
            var (name, isCode, isCounting, grouped) = (rows.GetString(0), rows.GetBoolean(1), rows.GetBoolean(2), rows.IsDBNull(5) ? null : rows.GetString(5));
            if (context.Found["id"] as string == $"column {name}") continue;
            var whyNot = isCode ? new ImportNote("编号、代码、年份或位置", "ids, codes, years or positions")
                : isCounting || rows.IsDBNull(3) ? null
                : new($"第 {rows.GetInt64(4)} {(word == "row" ? "行" : "个要素")}的“{rows.GetString(3)}”不是 0 或更大的数", $"has \"{rows.GetString(3)}\" in {word} {rows.GetInt64(4)}, which is no number of 0 or more");
            columns.Add(new(name, whyNot, grouped));
        }
        return columns;
    }
}
