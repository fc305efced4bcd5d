using Decision.Cli.Failures;
using Google.Protobuf;

namespace Decision.Cli.Records;

/// <summary>What every update of a record begins with.</summary>
internal static class RecordUpdate
{
    /// <summary>The record as a file has it, which then counts whole, or as the service has it.</summary>
    /// <param name="id">Which record.</param>
    /// <param name="path">The file; null = none.</param>
    /// <param name="etag">What the service's record must still have; null = what was read.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="session">The session.</param>
    /// <param name="read">Reads it from the service.</param>
    /// <exception cref="CommandException">The file holds another record, or none that can be read.</exception>
    public static async Task<RecordChange<T>> OpenAsync<T>(string id, string? path, string? etag, RecordKind<T> kind, Session session, Func<Task<T>> read)
        where T : IMessage<T>
    {
        var record = path is null ? await read() : RecordFile.ReadOne(path, kind, session);
        var idOf = record.Descriptor.FindFieldByName(kind.IdField).Accessor;
        if (idOf.GetValue(record) is string { Length: > 0 } written && written != id)
        {
            throw CommandException.WrongUse($"{path} holds the {kind.Noun} {written}, not {id}.");
        }

        idOf.SetValue(record, id);
        if (etag is not null)
        {
            record.Descriptor.FindFieldByName("etag").Accessor.SetValue(record, etag);
        }

        return new RecordChange<T>(record) { IsWhole = path is not null };
    }
}
