CREATE TABLE billingo_journal (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "billingo_journal" VALUES(1);
CREATE TABLE billingo_keys (
	"key" TEXT NOT NULL, 
	account VARCHAR(16) NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	likeness VARCHAR(64) NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	owner VARCHAR(32) NOT NULL, 
	stamp TEXT, 
	request TEXT, 
	highest TEXT, 
	may_run_on BOOLEAN NOT NULL, 
	invoice_id BIGINT, 
	invoice TEXT, 
	error TEXT, 
	tries INTEGER NOT NULL, 
	begun_at FLOAT NOT NULL, 
	left_at FLOAT NOT NULL, 
	settled_at FLOAT, 
	PRIMARY KEY ("key")
);
INSERT INTO billingo_keys VALUES('order-1', '593b69772ffcafbe', '1bae3c44a5520758eea2807e907ad8183d60d1f2bb6a72f4f35e62382788b324', '43da8b03637018bcce249a271fd76a47a69fe7dbf1206a3c0d4903e5fdc57ff1', 'done', 'd7986cd4d7faee9d8e05a13d4b107b89', NULL, NULL, NULL, TRUE, 1262803391, '{"id":1262803391,"uid":1262803391,"date":"2026-11-29","fulfillment_date":"2026-03-01","due_date":"2026-03-09","invoice_no":"2026-000002","total":"4764.405","currency":"HUF","comment":"Order 1","client_uid":1823382118,"block_uid":1263576876}', NULL, 1, 1795992061.2625265, 1795992061.2625265, 1795992061.3535516);
INSERT INTO billingo_keys VALUES('order-2', '593b69772ffcafbe', '97c6d4b028ad37f6bfc956264c7037073d5c54f3e2b7ebcb0cc7bc3e300890e8', '37e55fd835145a103900bfe97b6b6fad45b56e3536ff1aed001265499ffebe6e', 'refused', 'd7986cd4d7faee9d8e05a13d4b107b89', NULL, NULL, '1263576876:2026-00000000000000000002', TRUE, NULL, NULL, 'InvalidRequestError: invoices.create (POST /invoices): 400 Bad Request: The invoice could not be saved; client_uid: there is no client 1823382119', 1, 1795992061.3796158, 1795992061.3796158, 1795992061.4144835);
INSERT INTO billingo_keys VALUES('order-3', '593b69772ffcafbe', 'ba37c94fbedc017eb825caafc9ab8c0e15a2b53dec92ec737164550b0183c51f', '90fc226252c9c985915f9fe878553563b5308b4b02c968bce2134db1a5f2d8e5', 'doubt', 'd7986cd4d7faee9d8e05a13d4b107b89', NULL, '{"fulfillment_date":"2026-03-01","due_date":"2026-03-09","payment_method":1,"client_uid":1823382118,"items":[{"description":"Kenyér","vat_id":1,"qty":3,"unit":"db","net_unit_price":1250.5}],"comment":"Order 3","template_lang_code":"hu","electronic_invoice":0,"currency":"HUF","block_uid":0,"type":3,"round_to":0}', '1263576876:2026-00000000000000000002', TRUE, NULL, NULL, 'OutcomeUnknownError: invoices.create (POST /invoices): it may or may not have happened, so it was not repeated (the line broke before the answer was whole); look at what the account holds before you call again', 1, 1795992061.419605, 1795992061.419605, NULL);
CREATE TABLE billingo_seen (
	account VARCHAR(16) NOT NULL, 
	invoice_id BIGINT NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (account, invoice_id)
);
INSERT INTO "billingo_seen" VALUES('593b69772ffcafbe',837307999,1.79599206124657225606e+09);
CREATE TABLE billingo_workers (
	owner VARCHAR(32) NOT NULL, 
	until FLOAT NOT NULL, 
	PRIMARY KEY (owner)
);
CREATE INDEX billingo_unsettled ON billingo_keys (likeness) WHERE state IN ('doubt', 'sending', 'settling');
CREATE UNIQUE INDEX billingo_one_key_an_invoice ON billingo_keys (account, invoice_id);
