using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Counters;
using Decision.Storage.Embedded.Sqlite;

namespace Decision.Storage.Embedded;

/// <summary>Whether the database answers and took the last save of the counters.</summary>
internal sealed class EmbeddedStoreHealth(SqliteDatabase database, EmbeddedCounterStore counters) : IStoreHealth
{
    public string Part => "sqlite";

    public async ValueTask<string?> CheckAsync(CancellationToken cancellation)
    {
        try
        {
            await database.ReadAsync(session => session.Scalar("SELECT 1"), cancellation).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            return error.Message;
        }
        catch (OperationCanceledException)
        {
            return $"The database {database.Path} did not answer in time.";
        }
        catch (ObjectDisposedException)
        {
            return $"The database {database.Path} is closed: the server stops.";
        }

        return counters.Keeper.LastError is { } lastError ? "Counters could not be saved at the last try. " + lastError : null;
    }
}
