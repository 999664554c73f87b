namespace Jietong.Geodata;

/// <summary>How far a long work is. A step without a total has no end that is known beforehand.</summary>
/// <param name="Zh">What is being done.</param>
/// <param name="En">The same in English.</param>
/// <param name="Done">How much of it is done.</param>
/// <param name="Total">Of how much.</param>
/// <param name="Unit">bytes, rows, ways …</param>
public readonly record struct Step(string Zh, string En, long Done = 0, long? Total = null, string Unit = "");
