using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>A row as both engines give it: columns are read from left to right. What a table's columns mean is said once, for both.</summary>
internal abstract class StoreRow
{
    public abstract bool IsNull();

    public abstract void Skip(int columns);

    public abstract long Int64();

    public abstract bool Boolean();

    public abstract string Text();

    public abstract byte[] Blob();

    public abstract SessionId Sid();

    public int Int32() => checked((int)Int64());

    public DateTimeOffset Instant() => DateTimeOffset.FromUnixTimeMilliseconds(Int64());

    public DateTimeOffset? InstantOrNull() => IsNull() ? Null<DateTimeOffset?>() : Instant();

    public long? Int64OrNull() => IsNull() ? Null<long?>() : Int64();

    public string? TextOrNull() => IsNull() ? Null<string?>() : Text();

    public Bytes16 Digest() => Bytes16.Read(Blob());

    public SessionId? SidOrNull() => IsNull() ? Null<SessionId?>() : Sid();

    private T? Null<T>()
    {
        Skip(1);
        return default;
    }
}
