using System.Globalization;
using System.Text;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>In which encoding the texts of a Shapefile or CSV are: found out from all their bytes, so that no text is ever read as another.</summary>
internal static class TextEncoding
{
    /// <summary>So many characters beyond ASCII that happen to be right in UTF-8 are no accident.</summary>
    private const int Sure = 8;

    /// <summary>Of so many characters beyond ASCII, at least this part is common in any Chinese text; of another encoding read as GB18030, far less.</summary>
    private const int Few = 4;
    private const double Chinese = 0.6;

    public static readonly Encoding Utf8 = new UTF8Encoding(false, true);
    public static readonly Encoding Gb18030 = Strict("GB18030")!;

    /// <summary>For names of archives, which are shown and not kept.</summary>
    public static readonly Encoding Gb18030Lax = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;

    /// <summary>One encoding on trial: whether all was right in it, how its first text reads, and how much of it is common Chinese.</summary>
    internal sealed class Trial(Encoding encoding)
    {
        private long beyondAscii, common;

        public Encoding Encoding => encoding;
        public bool Holds { get; private set; } = true;
        public string? FailedAt { get; private set; }
        public string FirstText { get; private set; } = "";
        public long BeyondAscii => beyondAscii;

        /// <summary>Part of what is not ASCII that is among the 3,755 commonest characters.</summary>
        public double Plausible => beyondAscii == 0 ? 1 : (double)common / beyondAscii;

        public void Take(ReadOnlySpan<byte> text, Func<string> place)
        {
            if (!Holds || text.IndexOfAnyExceptInRange((byte)0, (byte)127) < 0) return;
            try
            {
                var read = encoding.GetString(text);
                if (FirstText == "") FirstText = read.Trim();
                foreach (var rune in read.EnumerateRunes())
                    if (rune.Value > 127)
                    {
                        beyondAscii++;
                        if (IsCommon(rune)) common++;
                    }
            }
            catch (DecoderFallbackException) { (Holds, FailedAt) = (false, place()); }
        }

        /// <summary>The first level of GB 2312, and the punctuation of Chinese.</summary>
        private static bool IsCommon(Rune rune)
        {
            Span<char> chars = stackalloc char[2];
            Span<byte> bytes = stackalloc byte[4];
            return Gb18030.GetBytes(chars[..rune.EncodeToUtf16(chars)], bytes) == 2 && (bytes[0] is >= 0xB0 and <= 0xD7 && bytes[1] >= 0xA1 || bytes[0] is 0xA1 or 0xA3 && bytes[1] >= 0xA1);
        }
    }

    /// <summary>By the names that people and .cpg files write: UTF-8, 65001, GBK, 936, ANSI 936, GB2312, 950 …</summary>
    /// <returns>One that throws at what is wrong; null where the name is none.</returns>
    public static Encoding? Named(string name)
    {
        var plain = name.Trim().ToUpperInvariant().Replace("ANSI", "", StringComparison.Ordinal).Replace("OEM", "", StringComparison.Ordinal).Replace("CP", "", StringComparison.Ordinal).Trim(' ', '_', '-', '\0', '\uFEFF');
        return plain switch
        {
            "UTF8" or "UTF-8" or "65001" => Utf8,
            "GBK" or "GB2312" or "GB18030" or "936" or "54936" or "EUC-CN" or "EUCCN" or "GB_2312-80" or "WINDOWS-936" => Gb18030,
            "BIG5" or "BIG-5" => Strict("950"),
            _ => Strict(plain.Replace("88591", "ISO-8859-1", StringComparison.Ordinal)) ?? Strict(name.Trim()),
        };
    }

    private static Encoding? Strict(string name)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        try
        {
            return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? Encoding.GetEncoding(page, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                : Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException) { return null; }
    }

    public static string NameOf(Encoding encoding) => encoding.CodePage switch { 65001 => "UTF-8", 54936 => "GB18030", _ => encoding.WebName };

    /// <param name="context">The import, which may name an encoding.</param>
    /// <param name="declared">By the file itself, and where it does so: GBK in stops.cpg.</param>
    /// <param name="read">Hands every text of the file to each trial.</param>
    /// <exception cref="InputException">No encoding holds, or two do and nothing decides between them.</exception>
    public static Encoding Decide(ImportContext context, (string Name, string Place)? declared, Action<IReadOnlyList<Trial>> read)
    {
        var file = context.File.Name;
        var asked = context.Request.Encoding is { } name ? Named(name) ?? throw new InputException($"--encoding {name} is no encoding that is known here: write UTF-8, GBK, GB18030 or Big5.") : null;
        var said = declared is { } d ? Named(d.Name) : null;
        Trial utf8 = new(Utf8), gb = new(Gb18030);
        var other = (asked ?? said) is { } e && e.CodePage is not (65001 or 54936) ? new Trial(e) : null;
        read(other is null ? [utf8, gb] : [utf8, gb, other]);
        Trial Of(Encoding encoding) => encoding.CodePage == 65001 ? utf8 : encoding.CodePage == 54936 ? gb : other!;
        if (asked is not null)
            return Of(asked).Holds ? Found(context, asked) : throw new InputException($"{file}, {Of(asked).FailedAt}: its text is not in {NameOf(asked)}, which --encoding names. {Readings(utf8, gb)} Leave --encoding out to have it found out.");
        var best = utf8.Holds && (utf8.BeyondAscii >= Sure || !gb.Holds || utf8.Plausible >= gb.Plausible) ? utf8 : gb.Holds ? gb : null;
        if (said is not null && Of(said).Holds && (best is null || best == Of(said) || best.Plausible < Of(said).Plausible + 0.3 && !(best == utf8 && utf8.BeyondAscii >= Sure))) best = Of(said);
        else if (said is null && best == gb && utf8.Holds && gb.BeyondAscii > 0) throw new InputException($"{file} can be read as UTF-8 and as GB18030, and nothing says which it is. {Readings(utf8, gb)} Name it: --encoding UTF-8 or --encoding GB18030.");
        if (best == gb && gb.BeyondAscii >= Few && gb.Plausible < Chinese)
            throw new InputException($"{file}: its texts are not in UTF-8 (see {utf8.FailedAt ?? "its first"}), and in GB18030 they read \"{InputException.Short(gb.FirstText, 40)}\", which is no likely Chinese 疑似乱码. Mend what is wrong there, or name the encoding with --encoding.");
        if (best is null) throw new InputException($"{file}: its texts are neither in UTF-8 (see {utf8.FailedAt}) nor in GB18030 (see {gb.FailedAt}){(declared is null ? "" : $", nor in {declared.Value.Name}, which {declared.Value.Place} names")}: name the encoding with --encoding, or mend the text there.");
        if (declared is { } wrong && (said is null || best.Encoding.CodePage != said.CodePage))
            context.Notes.Add(new($"{wrong.Place} 标为 {wrong.Name}，实为 {NameOf(best.Encoding)}：按后者读作“{best.FirstText}”{(said is null || !Of(said).Holds ? "" : $"，按前者读作“{Of(said).FirstText}”")}。",
                $"{wrong.Place} says {wrong.Name}, but the texts are in {NameOf(best.Encoding)}: the first reads \"{best.FirstText}\"{(said is null ? "" : Of(said).Holds ? $", by {wrong.Name} it would read \"{Of(said).FirstText}\"" : $", by {wrong.Name} it is wrong at {Of(said).FailedAt}")}."));
        return Found(context, best.Encoding);
    }

    private static Encoding Found(ImportContext context, Encoding encoding)
    {
        context.Found["encoding"] = NameOf(encoding);
        return encoding;
    }

    private static string Readings(params Trial[] trials) => string.Join("; ", trials.Select(t => t.Holds ? $"by {NameOf(t.Encoding)} the first text reads \"{InputException.Short(t.FirstText, 40)}\"" : $"{NameOf(t.Encoding)} is wrong at {t.FailedAt}")) + ".";
}
