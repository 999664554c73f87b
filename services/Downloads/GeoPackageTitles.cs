namespace Jietong.Services.Downloads;

/// <summary>The Chinese and English titles of columns in a GeoPackage: its Schema extension (OGC 12-128r18, Annex F.9).</summary>
internal static class GeoPackageTitles
{
    public static IEnumerable<string> Sql(FileContent content)
    {
        static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        yield return "CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT, " +
            "CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name))";
        yield return "CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT, " +
            "CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))";
        yield return "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))";
        yield return "INSERT INTO gpkg_extensions SELECT t.name, NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write' FROM sqlite_master t WHERE t.name IN ('gpkg_data_columns', 'gpkg_data_column_constraints')";
        yield return $"INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) VALUES {string.Join(", ", content.Columns.Select(c =>
            $"({Text(content.LayerName)}, {Text(c.Name)}, {Text(c.Name)}, {Text(c.Of.TitleZh)}, {Text(c.Of.TitleEn)})"))}";
    }
}
