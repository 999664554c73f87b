using Jietong.Geodata;

namespace Jietong.Services.Gaps;

/// <summary>What counts as a gap. Roads that are there and barred count near the border whatever their length, detour and angle: that they meet is known, only what they would bring is not.</summary>
/// <param name="Within">Roads face each other over at most so many metres.</param>
/// <param name="Detour">The way by the streets is at least so many times as long, or there is none.</param>
/// <param name="Angle">Each end turns off the straight way to the other by at most so many degrees.</param>
/// <param name="SpeedKmh">How fast the missing road would be driven.</param>
/// <param name="LeastMs">What helps trips less in the mean, in milliseconds, is left out.</param>
internal sealed record GapQuestion(double Within = 300, double Detour = 5, double Angle = 60, double SpeedKmh = 40, double LeastMs = 10)
{
    /// <exception cref="InputException">A number is out of range.</exception>
    public GapQuestion Checked()
    {
        static void Must(bool holds, string option)
        {
            if (!holds) throw new InputException(MustBe(option));
        }
        Must(Within is > 0 and <= 5000, "--within");
        Must(Detour is >= 1 and <= 1000, "--detour");
        Must(Angle is > 0 and <= 180, "--angle");
        Must(SpeedKmh is >= 1 and <= 150, "--speed");
        Must(LeastMs is >= 0 and <= 3_600_000, "--least");
        return this;
    }

    /// <summary>What an option's number must be.</summary>
    public static string MustBe(string option) => $"{option}: write " + option switch
    {
        "--within" => "metres above 0, up to 5000.",
        "--detour" => "a number from 1 to 1000.",
        "--angle" => "degrees above 0, up to 180.",
        "--speed" => "kilometres an hour from 1 to 150.",
        _ => "seconds from 0 to 3600.",
    };

    public int TimeMs(double metres) => (int)Math.Round(metres / SpeedKmh * 3600);
}
