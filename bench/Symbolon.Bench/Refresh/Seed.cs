using System.Security.Cryptography;
using Symbolon.Keys;
using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Symbolon.Bench.Refresh;

/// <summary>A database full of live sessions, and the refresh tokens that its clients hold.</summary>
internal abstract class Seed
{
    public const string Issuer = "http://localhost:5080";

    /// <summary>The session of an account with the role of administrators.</summary>
    public const int Administrator = 0;

    private readonly string?[] tokens;
    private readonly RefreshTokenKeys keys;

    protected Seed(int count)
    {
        tokens = new string?[count];
        MasterKey = RandomNumberGenerator.GetBytes(MasterKeys.Size);
        keys = new RefreshTokenKeys(new MasterKeys([(1, MasterKey)]), Issuer);
    }

    public byte[] MasterKey { get; }

    public int Count => tokens.Length;

    /// <summary>What a server is told to find the database.</summary>
    public abstract IEnumerable<(string Name, string Value)> Storage { get; }

    /// <summary>The token that the client of session number <paramref name="index"/> holds now.</summary>
    public string this[int index]
    {
        get => tokens[index] ??= new RefreshToken(Id(index), 1, RandomNumberGenerator.GetInt32(int.MaxValue)).Write(Salt(index), keys);
        set => tokens[index] = value;
    }

    public abstract SessionId Id(int index);

    protected abstract Bytes16 Salt(int index);
}
