import sys; sys.path.insert(0,'/work/main/tests')
def test_mail_job(app, db):
    from jetlms.core import notices
    from jetlms.core.db import unit
    from jetlms.people import service
    with unit():
        service.send_reset(email="ann@demo.example")
    notices.send_due()
    from jetlms.core.notices import Delivery
    from sqlalchemy import select
    print([(d.state,d.error,d.rendered) for d in db.session.scalars(select(Delivery))])
def test_pages(people):
    c=people.stranger
    r=c.get('/sign-in'); print(r.status_code, r.text[:300])
    r=c.post('/sign-in',data={'email':'ann@demo.example','password':'jetlms-demo'}); print(r.status_code, r.headers)
    for p in ('/account','/account/password','/account/email','/factors','/factors/app','/confirm'):
        r=c.get(p); print(p,r.status_code); assert r.status_code==200
    for p in ('/accounts','/accounts/1'):
        r=people.iko.get(p); print(p,r.status_code); assert r.status_code==200
