namespace Contracts;

/// <summary>The names of the system's resources: the AppHost gives them, the services look their stores and neighbours up by them.</summary>
public static class ResourceNames
{
    public const string Postgres = "postgres";
    public const string ConcertDb = "concertdb";
    public const string ReservationDb = "reservationdb";
    public const string PaymentDb = "paymentdb";
    public const string Redis = "redis";
    public const string Kafka = "kafka";

    public const string Queue = "queue";
    public const string Concert = "concert";
    public const string Reservation = "reservation";
    public const string Payment = "payment";

    public const string PrimaryGateway = "gateway-primary";
    public const string BackupGateway = "gateway-backup";

    public const string LoadTests = "loadtests";
}
