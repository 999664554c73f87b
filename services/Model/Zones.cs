namespace Jietong.Services.Model;

/// <summary>The two sides of Shanghai's province line. Between Jiangsu and Zhejiang no line is drawn: no link of the register is missing across it alone.</summary>
internal enum Zone { Shanghai, Outer }

internal static class Zones
{
    /// <param name="adcode">Six digits (GB/T 2260); 31…: Shanghai.</param>
    public static Zone Of(string adcode) => adcode.StartsWith("31", StringComparison.Ordinal) ? Zone.Shanghai : Zone.Outer;
}
