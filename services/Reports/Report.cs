using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jietong.Geodata;
using Jietong.Services.Gains;
using Jietong.Services.Model;

namespace Jietong.Services.Reports;

/// <summary>A report: what was asked, the input that it was computed from, and the results. It is rerun from the first two.</summary>
/// <remarks>The hash covers request, input, results, program and the content hash of the data; not the sequence number of the data version.</remarks>
internal sealed record Report(string Format, string Hash, string DataVersion, string ProgramVersion, ReportRequest Request, ReportResults Results, ModelInput Input)
{
    public const string CurrentFormat = "jietong-report/1";

    private static readonly string ProgramVersionNow = typeof(Report).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Computes the report; nothing is written.</summary>
    /// <exception cref="InputException">The request does not fit the input.</exception>
    public static Report Of(ReportRequest request, ModelInput input, string dataVersion, CancellationToken cancel = default)
    {
        var model = new TravelModel(input, request.TravelMode);
        request.Check(model);
        var results = ReportResults.Of(request, new(model), cancel);
        return new(CurrentFormat, HashOf(request, input, results, dataVersion, ProgramVersionNow), dataVersion, ProgramVersionNow, request, results, input);
    }

    private static string HashOf(ReportRequest request, ModelInput input, ReportResults results, string dataVersion, string program) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { request, results, input, content = dataVersion.Split('-')[^1], program }, ModelInput.Json)));

    private static readonly JsonSerializerOptions Indented = new(ModelInput.Json) { WriteIndented = true };

    public string ToJson() => JsonSerializer.Serialize(this, Indented);

    /// <summary>Whether the hash is that of what the report holds.</summary>
    public bool IsIntact => Hash == HashOf(Request, Input, Results, DataVersion, ProgramVersion);

    /// <summary>Reads a report from its JSON, or from the page that holds it.</summary>
    /// <exception cref="InputException">It is no report, or one of another format.</exception>
    public static Report Read(string text, string file)
    {
        const string begin = "<script type=\"application/json\" id=\"report\">";
        var start = text.IndexOf(begin, StringComparison.Ordinal);
        if (start >= 0) text = text[(start + begin.Length)..];
        if (start >= 0 && text.IndexOf("</script>", StringComparison.Ordinal) is >= 0 and var end) text = text[..end];
        try
        {
            return JsonSerializer.Deserialize<Report>(text, ModelInput.Json) is { Format: CurrentFormat } report ? report
                : throw new InputException($"{file}: no report of the format {CurrentFormat}.");
        }
        catch (JsonException e)
        {
            throw new InputException($"{file}: no report: {(e.LineNumber is { } line ? $"line {line + 1}: " : "")}{e.Message} Give the .html or .json that ./run report wrote.");
        }
    }
}
