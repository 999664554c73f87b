using System.Diagnostics;
using System.Globalization;

namespace Jietong.Geodata.Imports.Osm;

/// <summary>A file of OpenStreetMap, read, made into streets and what lies around them, and staged.</summary>
internal static class OsmImport
{
    public static async Task Read(ImportContext context)
    {
        var start = Stopwatch.GetTimestamp();
        Process.GetCurrentProcess().Refresh();
        OsmKept kept;
        try
        {
            using IOsmFile file = context.File.Format == ImportFormat.OsmPbf ? new PbfFile(context.File.Path, Progress, context.Cancel) : new OsmXmlFile(context.File.Path, Progress, context.Cancel);
            kept = OsmKept.Read(file);
            context.Published = file.Timestamp?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            context.Publisher = "© OpenStreetMap contributors (ODbL)";
            context.Figures["timestamp"] = file.Timestamp?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            if (file is PbfFile { HasHeader: false }) context.Notes.Add(new("文件没有 OSMHeader，按 OsmSchema-V0.6 读取。", "The file has no OSMHeader; it was read as OsmSchema-V0.6."));
        }
        catch (OsmFault e)
        {
            context.Problems.Add(context.File.Name, e.Place, e.Field, e.Value, e.Message, e.WayOut);
            return;
        }
        context.Progress(new("生成路网", "making streets"));
        var rows = new OsmRows(context, kept);
        var readSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await rows.Stage();
        context.Figures["readSeconds"] = Math.Round(readSeconds, 3);
        context.Figures["seconds"] = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 3);
        context.Figures["peakMegabytes"] = Process.GetCurrentProcess().PeakWorkingSet64 >> 20;

        void Progress(long done, long total) => context.Progress(new("读取 OSM", "reading OpenStreetMap", done, total, "bytes"));
    }
}
