using Npgsql;
using NpgsqlTypes;
using Symbolon.Sessions;

namespace Symbolon.Storage;

/// <summary>Commands as statements: parameters are added from left to right, rows are read from left to right. Each runs once and is disposed of.</summary>
internal static class PostgresCommands
{
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql) => new(sql, connection);

    /// <summary>Runs it; answers how many rows it changed.</summary>
    public static async Task<int> RunAsync(this NpgsqlCommand command)
    {
        await using (command) return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Whether it has a row.</summary>
    public static async Task<bool> AnyAsync(this NpgsqlCommand command)
    {
        await using (command) return await command.ExecuteScalarAsync() is not null;
    }

    /// <summary>Reads all rows.</summary>
    public static async Task<List<T>> ListAsync<T>(this NpgsqlCommand command, Func<PostgresRow, T> read)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync();
            return await reader.ListAsync(read);
        }
    }

    /// <summary>Reads the rows of one result.</summary>
    public static async Task<List<T>> ListAsync<T>(this NpgsqlDataReader reader, Func<PostgresRow, T> read)
    {
        var (list, row) = (new List<T>(), new PostgresRow(reader));
        while (await row.NextAsync()) list.Add(read(row));
        return list;
    }

    extension(NpgsqlCommand command)
    {
        /// <summary>Takes the time it needs: only the server may end it.</summary>
        public NpgsqlCommand Unhurried()
        {
            command.CommandTimeout = 0;
            return command;
        }

        public NpgsqlCommand Add(int value) => command.Typed(value);

        public NpgsqlCommand Add(long value) => command.Typed(value);

        public NpgsqlCommand Add(bool value) => command.Typed(value);

        public NpgsqlCommand Add(DateTimeOffset value) => command.Typed(value.ToUnixTimeMilliseconds());

        public NpgsqlCommand Add(SessionId value) => command.Typed(value.Value);

        public NpgsqlCommand Add(SubjectId value) => command.Add(value.Value);

        public NpgsqlCommand Add(Guid value) => command.Typed(value);

        public NpgsqlCommand Add(Bytes16 value) => command.Typed(value.ToBytes());

        public NpgsqlCommand Add(byte[] value) => command.Typed(value);

        public NpgsqlCommand Add(string? value) => command.Untyped(value is null ? null : PostgresText.Write(value), NpgsqlDbType.Text);

        public NpgsqlCommand Add(long? value) => command.Untyped(value, NpgsqlDbType.Bigint);

        public NpgsqlCommand Add(DateTimeOffset? value) => command.Untyped(value?.ToUnixTimeMilliseconds(), NpgsqlDbType.Bigint);

        public NpgsqlCommand Add(SessionId? value) => command.Untyped(value?.Value, NpgsqlDbType.Uuid);

        public NpgsqlCommand Add(Bytes16? value) => command.Untyped(value?.ToBytes(), NpgsqlDbType.Bytea);

        public NpgsqlCommand Add(Guid[] values) => command.Typed(values);

        public NpgsqlCommand Add(int[] values) => command.Typed(values);

        public NpgsqlCommand Add(long[] values) => command.Typed(values);

        public NpgsqlCommand Add(long?[] values) => command.Typed(values);

        public NpgsqlCommand Add(Guid?[] values) => command.Typed(values);

        public NpgsqlCommand Add(byte[][] values) => command.Typed(values);

        /// <summary>Texts, which may be null.</summary>
        public NpgsqlCommand Add(IEnumerable<string?> values) =>
            command.Untyped(values.Select(value => value is null ? null : PostgresText.Write(value)).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);

        private NpgsqlCommand Typed<T>(T value)
        {
            command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
            return command;
        }

        private NpgsqlCommand Untyped(object? value, NpgsqlDbType type)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
            return command;
        }
    }
}
