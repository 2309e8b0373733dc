namespace Symbolon.Bench.Cluster;

/// <summary>What was done, and what it cost.</summary>
/// <param name="Count">How many refreshes.</param>
/// <param name="Wall">In which time.</param>
/// <param name="Authority">Processor time of the authority.</param>
/// <param name="Database">Processor time of the whole database server.</param>
/// <param name="Wal">Bytes of WAL.</param>
internal sealed record Work(double Count, TimeSpan Wall, TimeSpan Authority, TimeSpan Database, double Wal)
{
    public double PerSecond => Count / Wall.TotalSeconds;

    public double AuthorityMicroseconds => Authority.TotalMicroseconds / Count;

    public double DatabaseMicroseconds => Database.TotalMicroseconds / Count;

    public double Microseconds => AuthorityMicroseconds + DatabaseMicroseconds;

    public double WalBytes => Wal / Count;
}
