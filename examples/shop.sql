-- The statements behind shop.binlog, recorded from MySQL 9.7 with
-- binlog_row_metadata=FULL and binlog_rows_query_log_events=ON.
create database shop;
use shop;
create table customer (
  id int unsigned not null auto_increment primary key,
  name varchar(40) not null,
  email varchar(80),
  since date not null
);
create table purchase (
  id bigint unsigned not null auto_increment primary key,
  customer int unsigned not null,
  amount decimal(10,2) not null,
  status enum('new','paid','shipped') not null default 'new',
  placed datetime(3) not null,
  details json,
  foreign key (customer) references customer (id)
);
insert into customer (name, email, since) values
  ('Ada Lovelace', 'ada@example.org', '2026-01-05'),
  ('Grace Hopper', 'grace@example.org', '2026-02-11'),
  ('Søren Ålund', null, '2026-03-02');
start transaction;
insert into purchase (customer, amount, placed, details) values
  (1, 129.90, '2026-04-01 09:30:00.125', '{"items": [{"sku": "rope-10", "n": 2}, {"sku": "oar", "n": 1}]}'),
  (2, 18446.74, '2026-04-01 09:31:12.000', '{"items": [{"sku": "boat", "n": 1}], "gift": true}');
update customer set email = 'soren@example.org' where id = 3;
commit;
update purchase set status = 'paid', details = json_set(details, '$.paid', '2026-04-02') where id = 1;
delete from purchase where id = 2;
set session binlog_transaction_compression = on;
insert into purchase (customer, amount, placed) select id, 10 * id, '2026-05-01 12:00:00' from customer;
set session binlog_transaction_compression = off;
set binlog_format = statement;
create temporary table cart as select * from purchase;
update customer set since = current_date() where name like 'A%' limit 1;
