namespace Jietong.Routing;

/// <summary>
/// Travel times inside the hierarchy, unsigned milliseconds: below 2^29 a time, from 2^30 on "no path". What lies between can only be a
/// sum that has become too long, so it is seen and refused instead of being taken for "no path"; two of any fit 32 bits.
/// </summary>
internal static class Ms
{
    public const uint Never = 1u << 30, TooLong = 1u << 29;

    /// <param name="timeMs">Of an arc, as a network has it.</param>
    public static uint From(int timeMs) => timeMs == Network.Unreachable ? Never : (uint)timeMs;

    /// <exception cref="OverflowException">It is too long.</exception>
    public static int Of(uint time)
    {
        if (time < TooLong) return (int)time;
        Check(Math.Min(time, Never));
        return Network.Unreachable;
    }

    /// <param name="seen">Times of at most <see cref="Never"/>, joined by "or".</param>
    /// <exception cref="OverflowException">One of them is too long.</exception>
    public static void Check(uint seen)
    {
        if ((seen & TooLong) != 0) throw new OverflowException($"A path takes {TooLong} ms (six days) or more: only shorter ones can be told from no path. Close the arcs that take so long, or give times in a larger unit.");
    }
}
