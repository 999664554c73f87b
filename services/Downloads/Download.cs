using System.Globalization;
using System.Text;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Gains;
using Jietong.Services.Serve;
using Npgsql;

namespace Jietong.Services.Downloads;

/// <summary>The features that a question finds, all of them in one file.</summary>
/// <param name="Query">Which.</param>
/// <param name="Format">In which format.</param>
/// <param name="Encoding">Of texts, where the format has more than one.</param>
internal sealed record Download(Query Query, DownloadFormat Format, Encoding Encoding)
{
    /// <summary>The most features of one file.</summary>
    public const int MostFeatures = 1_000_000;

    /// <summary>Files written row by row at once.</summary>
    private static readonly SemaphoreSlim Streams = new(6);

    /// <exception cref="InputException">The format is none, or cannot hold what is asked for.</exception>
    public static Download Of(Query query, string parameter, string? format, string? encoding)
    {
        var chosen = DownloadFormat.Read(parameter, format, query, encoding);
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return new(query with
        {
            Crs = query.Crs with { LatitudeFirst = false },   // files have longitude or easting first
            Form = chosen.Name.StartsWith("geojson", StringComparison.Ordinal) ? GeometryForm.GeoJson : GeometryForm.Wkb,
            TimeLimit = Gdal.TimeLimit,
        }, chosen, (encoding ?? chosen.Encoding) == "gbk" ? Encoding.GetEncoding("GB18030") : new UTF8Encoding(false));
    }

    /// <summary>What the file is called: layer, reference system where it is not WGS 84, day. The Chinese name has the layer's Chinese title.</summary>
    public (string Ascii, string Chinese) Names(bool dated)
    {
        var rest = (Query.Crs.Srid == 4326 && Query.Crs.Shift is null ? "" : Query.Crs.Shift is null ? $"_EPSG{Query.Crs.Srid}" : $"_{Query.Crs.Code}") + (dated ? Query.AsOf.ToString("'_'yyyy-MM-dd", CultureInfo.InvariantCulture) : "") + Format.Ending;
        return ($"jietong_{Query.Layer.Collection}{rest}", $"接通_{Query.Layer.TitleZh}{rest}");
    }

    /// <summary>Asks, makes the file, and writes it to where <paramref name="open"/> says.</summary>
    /// <param name="db">Where the features are.</param>
    /// <param name="open">Is told of the rows, before the first byte; where the bytes go.</param>
    /// <param name="cancel">Ends all of it, leaving nothing behind.</param>
    /// <exception cref="InputException">There are too many features.</exception>
    public async Task Write(NpgsqlDataSource db, Func<RowReader, Stream> open, CancellationToken cancel)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(Gdal.TimeLimit);
        try { await (Format.ByGdal ? MakeAndSend(db, open, limited.Token, cancel) : AskAndSend(db, open, limited.Token)); }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new RefusedRequestException(504, "Gateway Timeout", $"The file takes longer than {Gdal.TimeLimit.TotalMinutes} minutes: ask for a smaller area by bbox.");
        }
    }

    private async Task AskAndSend(NpgsqlDataSource db, Func<RowReader, Stream> open, CancellationToken cancel)
    {
        await Streams.WaitAsync(cancel);
        try
        {
            await using var rows = await Ask(db, cancel);
            var to = new Pieces(open(rows));
            await Stream(new(rows, Query), to, cancel);
            await to.SendAll(cancel);
        }
        finally { Streams.Release(); }
    }

    private async Task MakeAndSend(NpgsqlDataSource db, Func<RowReader, Stream> open, CancellationToken limited, CancellationToken cancel)
    {
        RowReader rows = null!;
        using var file = await Gdal.Turns.Take(async () =>
        {
            rows = await Ask(db, limited);
            await using (rows) return await GdalFile.Make(new(rows, Query, Format.Name == "shp" ? Encoding : null), Format, Encoding, limited);
        }, limited);
        await using var bytes = File.OpenRead(file.Path);
        await bytes.CopyToAsync(open(rows), cancel);
    }

    private async Task<RowReader> Ask(NpgsqlDataSource db, CancellationToken cancel)
    {
        var rows = await GainStore.Ask(db, Query, count: true, cancel: cancel);
        if (rows.Total <= MostFeatures) return rows;
        await rows.DisposeAsync();
        throw new InputException($"{rows.Total} features are too many for one file, which takes {MostFeatures}: ask for a smaller area by bbox, or for fewer by a filter.");
    }

    private Task Stream(FileContent content, Pieces to, CancellationToken cancel) => Format.Name switch
    {
        "geojson" => TextFiles.GeoJson(content, to, cancel), "geojsonl" => TextFiles.GeoJsonLines(content, to, cancel), "csv" => TextFiles.Csv(content, to, cancel),
        "kml" => KmlFile.Write(content, to, cancel), _ => XlsxFile.Write(content, to, cancel),
    };
}
